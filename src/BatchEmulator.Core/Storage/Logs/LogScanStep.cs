namespace BatchEmulator.Core.Storage.Logs;

/// <summary>A step of a scan.</summary>
/// <param name="Position">Position of the event that the scan has reached.</param>
/// <param name="Event">The event; null if its stream was not requested or was removed.</param>
public readonly record struct LogScanStep(LogPosition Position, LogEvent? Event);
