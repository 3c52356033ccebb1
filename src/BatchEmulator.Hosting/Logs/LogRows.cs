using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs;

/// <summary>A log group as stored. Times are epoch milliseconds.</summary>
internal sealed record LogGroupRow(
    long Id,
    string Name,
    long CreatedAt,
    int? RetentionInDays,
    long StoredBytes,
    string Class,
    string? KmsKeyId,
    bool DeletionProtected);

/// <summary>A log stream as stored. Times are epoch milliseconds; those of events are null while it has none.</summary>
internal sealed record LogStreamRow(
    long Id, string Name, long CreatedAt, long? FirstEventAt, long? LastEventAt, long? LastIngestedAt);

/// <summary>A log event as stored.</summary>
internal sealed record LogEventRow(LogPosition Position, long IngestedAt, string Message, int MessageBytes);

/// <summary>An event that PutLogEvents brings.</summary>
internal sealed record NewLogEvent(long At, string Message);
