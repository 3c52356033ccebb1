namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Selects log streams of a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Limit">Maximum number of streams.</param>
public sealed record LogStreamQuery(LogGroupKey Group, int Limit)
{
    /// <summary>Beginning of the names; empty for any.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Orders by the time of the latest event (0 for streams that never had one), equal ones by name; otherwise by name alone.
    /// </summary>
    public bool IsByLastEvent { get; init; }

    /// <summary>Begins with the last stream of the order.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Place in the order behind which the listing begins; null for the start.</summary>
    public LogStreamPlace? After { get; init; }
}

/// <summary>A place in a listing of log streams.</summary>
/// <param name="Name">Name of a stream.</param>
/// <param name="LastEventAt">Time of its latest event; ignored in a listing by name.</param>
public readonly record struct LogStreamPlace(string Name, long LastEventAt = 0)
{
    public static LogStreamPlace Of(LogStream stream) => new(stream.Name, stream.LastEventAt ?? 0);
}
