namespace BatchEmulator.Core.Storage.Logs;

/// <summary>An event to be added to a stream.</summary>
/// <param name="At">Epoch milliseconds.</param>
/// <param name="Message">Message; not empty.</param>
public sealed record NewLogEvent(long At, string Message);
