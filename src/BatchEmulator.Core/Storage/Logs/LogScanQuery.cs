namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Selects events of a group between two positions, both excluded.</summary>
/// <param name="Group">The group.</param>
/// <param name="After">Position before the first event.</param>
/// <param name="Before">Position behind the last event.</param>
public sealed record LogScanQuery(LogGroupKey Group, LogPosition After, LogPosition Before)
{
    /// <summary>Names of streams, at most a hundred; null for any. Those that do not exist are ignored.</summary>
    public IReadOnlyCollection<string>? Streams { get; init; }

    /// <summary>Beginning of the names of streams; empty for any.</summary>
    public string StreamPrefix { get; init; } = "";
}
