namespace BatchEmulator.Core.Storage.Logs;

/// <summary>A log group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">Epoch milliseconds.</param>
/// <param name="Settings">Settings that it was added with.</param>
/// <param name="RetentionInDays">Days for which events are kept; null for ever.</param>
/// <param name="StoredBytes">
/// Size of its events: the UTF-8 bytes of each message and <see cref="LogEvent.OverheadBytes"/>. Events of removed streams count until they
/// are purged.
/// </param>
public sealed record LogGroup(string Name, long CreatedAt, LogGroupSettings Settings, int? RetentionInDays, long StoredBytes);
