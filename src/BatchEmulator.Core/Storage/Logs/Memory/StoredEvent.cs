namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>An event in memory.</summary>
/// <param name="position">Position among all events.</param>
/// <param name="ingestedAt">Time at which it was added, in epoch milliseconds.</param>
/// <param name="message">Message in UTF-8.</param>
/// <param name="stream">Its stream.</param>
internal sealed class StoredEvent(LogPosition position, long ingestedAt, byte[] message, StreamIdentity stream)
{
    public LogPosition Position => position;

    public long IngestedAt => ingestedAt;

    public byte[] Message => message;

    public StreamIdentity Stream => stream;

    /// <summary>Size of the event in the count of its group.</summary>
    public long Size => message.Length + LogEvent.OverheadBytes;
}

/// <summary>A stream for as long as it exists. One that is added later under the same name is another.</summary>
internal sealed class StreamIdentity(string name)
{
    public string Name => name;
}
