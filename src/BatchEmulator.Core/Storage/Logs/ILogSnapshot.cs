namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// Content of a store at one moment. Used by one thread, within <see cref="ILogStore.Read"/>. Sequences are read as they are enumerated.
/// </summary>
public interface ILogSnapshot : ILogLookup
{
    /// <summary>Lists groups in the order of their names.</summary>
    IReadOnlyList<LogGroup> Groups(LogGroupQuery query);

    /// <summary>Lists streams of a group; none if it does not exist.</summary>
    IReadOnlyList<LogStream> Streams(LogStreamQuery query);

    /// <summary>Enumerates the events of a stream between two positions, both excluded; none if the stream does not exist.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">Position before the first event.</param>
    /// <param name="before">Position behind the last event.</param>
    /// <param name="isDescending">Begins with the last event.</param>
    IEnumerable<LogEvent> Events(LogStreamKey stream, LogPosition after, LogPosition before, bool isDescending = false);

    /// <summary>
    /// Enumerates the events of some streams of a group in order. Between them come the positions of skipped events, so that a caller can
    /// bound the work: the store does no more than a small, bounded amount from one step to the next.
    /// </summary>
    IEnumerable<LogScanStep> Scan(LogScanQuery query);
}
