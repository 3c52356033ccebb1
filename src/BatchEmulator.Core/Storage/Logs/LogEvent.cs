namespace BatchEmulator.Core.Storage.Logs;

/// <summary>A log event.</summary>
/// <param name="Stream">Name of its stream.</param>
/// <param name="Position">Place among the events of all streams.</param>
/// <param name="IngestedAt">Time at which it was added, in epoch milliseconds.</param>
/// <param name="Message">Its text.</param>
/// <param name="MessageBytes">Size of the text in UTF-8.</param>
public sealed record LogEvent(string Stream, LogPosition Position, long IngestedAt, string Message, int MessageBytes)
{
    /// <summary>Bytes that CloudWatch Logs counts for an event in addition to the UTF-8 bytes of its message.</summary>
    public const int OverheadBytes = 26;
}
