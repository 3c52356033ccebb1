using System.Text.Json;
using BatchEmulator.Core.Jobs;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Server.Storage.Sqlite;

/// <summary>How a job is laid out in the tables <c>job</c> and <c>job_specification</c>.</summary>
internal static class JobRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in its order.</summary>
    public const string Columns = "j.sequence, j.id, j.status, j.reason, j.created, j.started, j.stopped, j.flags, j.stop_reason, j.current, j.attempts, s.scope, s.document";

    private const long CancelledFlag = 1;
    private const long TerminatedFlag = 2;

    public static long Flags(Job job) => (job.IsCancelled ? CancelledFlag : 0) | (job.IsTerminated ? TerminatedFlag : 0);

    public static string? Current(Job job) => job.Current is { } current ? JsonSerializer.Serialize(current, StoredJson.Documents.CurrentAttempt) : null;

    public static string? Attempts(Job job) =>
        job.Attempts.Count == 0 ? null : JsonSerializer.Serialize(job.Attempts, StoredJson.Documents.IReadOnlyListAttempt);

    public static Job Read(SqliteDataReader row)
    {
        var flags = row.GetInt64(7);
        return new Job
        {
            Sequence = row.GetInt64(0),
            Id = row.GetString(1),
            Status = (JobStatus)row.GetInt32(2),
            StatusReason = Text(row, 3),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            StartedAt = Time(row, 5),
            StoppedAt = Time(row, 6),
            IsCancelled = (flags & CancelledFlag) != 0,
            IsTerminated = (flags & TerminatedFlag) != 0,
            StopReason = Text(row, 8),
            Current = Text(row, 9) is { } current ? JsonSerializer.Deserialize(current, StoredJson.Documents.CurrentAttempt) : null,
            Attempts = Text(row, 10) is { } attempts ? JsonSerializer.Deserialize(attempts, StoredJson.Documents.IReadOnlyListAttempt)! : [],
            Scope = ScopeText.Parse(row.GetString(11)),
            Specification = JsonSerializer.Deserialize(row.GetString(12), StoredJson.Documents.JobSpecification)!,
        };
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
