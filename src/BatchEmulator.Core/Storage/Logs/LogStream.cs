namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// A log stream. Times are epoch milliseconds; those of events are null as long as it never had one, and stay when events are purged.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">Time of its creation.</param>
/// <param name="Lines">Number of lines ever appended, those without text and lost ones included.</param>
/// <param name="FirstEventAt">Time of the earliest event.</param>
/// <param name="LastEventAt">Time of the latest event.</param>
/// <param name="LastIngestedAt">Time at which an event was last added.</param>
public sealed record LogStream(string Name, long CreatedAt, long Lines, long? FirstEventAt, long? LastEventAt, long? LastIngestedAt);
