using System.Text.Json;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Layout of a job in the tables <c>job</c> and <c>job_specification</c>.</summary>
internal static class JobRow
{
    /// <summary>
    /// Columns of a job (or of a child or node with the data that it shares with its parent), in the order of
    /// <see cref="Read(SqliteDataReader)"/>.
    /// </summary>
    public const string Select =
        $"""
        SELECT {Course}, s.scope, s.document, p.id, j.blocked, j.service
        FROM job j
        LEFT JOIN job p ON p.sequence = j.parent
        JOIN job_specification s ON s.sequence = ifnull(j.parent, j.sequence)
        """;

    /// <summary>The same columns of a job that is no part of another, for listings that begin with the table of their index.</summary>
    public const string SelectWhole = $"SELECT {Course}, s.scope, s.document, NULL, j.blocked, j.service";

    /// <summary>
    /// The same columns of the parts of one job: <c>$1</c> is its scope, <c>$2</c> its id; the specification is not read again for each.
    /// </summary>
    public const string SelectPart = $"SELECT {Course}, $1, NULL, $2, j.blocked, j.service FROM job j";

    private const string Course =
        """
        j.sequence, j.id, j.status, j.reason, j.created, j.started, j.stopped, j.flags, j.stop_reason, j.current, j.attempts, j.child_index,
            j.children
        """;

    private const long CancelledFlag = 1;
    private const long TerminatedFlag = 2;

    public static long Flags(Job job) => (job.IsCancelled ? CancelledFlag : 0) | (job.IsTerminated ? TerminatedFlag : 0);

    public static string? Current(Job job) =>
        job.Current is { } current ? JsonSerializer.Serialize(current, StoredJson.Documents.CurrentAttempt) : null;

    public static string? Attempts(Job job) =>
        job.Attempts.Count == 0 ? null : JsonSerializer.Serialize(job.Attempts, StoredJson.Documents.IReadOnlyListAttempt);

    public static string? Children(Job job) =>
        job.Children is { } children ? JsonSerializer.Serialize(children, StoredJson.Documents.ArraySummary) : null;

    public static string? Service(Job job) =>
        job.Service is { } service ? JsonSerializer.Serialize(service, StoredJson.Documents.ServiceJobProgress) : null;

    public static Job Read(SqliteDataReader row) =>
        Read(row, JsonSerializer.Deserialize(row.GetString(14), StoredJson.Documents.JobSpecification)!);

    /// <summary>Reads a child that shares its parent's specification in memory too.</summary>
    public static Job Read(SqliteDataReader row, JobSpecification specification)
    {
        var flags = row.GetInt64(7);
        var parent = ParentId(row);
        int? index = parent is null ? null : row.GetInt32(11);
        return new Job
        {
            Sequence = row.GetInt64(0),
            Id = parent is null ? row.GetString(1)
                : specification.Nodes is null ? JobIds.Child(parent, index!.Value)
                : JobIds.Node(parent, index!.Value),
            ParentId = parent,
            Index = index,
            Status = (JobStatus)row.GetInt32(2),
            StatusReason = Text(row, 3),
            BlockedSince = Time(row, 16),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            StartedAt = Time(row, 5),
            StoppedAt = Time(row, 6),
            IsCancelled = (flags & CancelledFlag) != 0,
            IsTerminated = (flags & TerminatedFlag) != 0,
            StopReason = Text(row, 8),
            Current = Text(row, 9) is { } current ? JsonSerializer.Deserialize(current, StoredJson.Documents.CurrentAttempt) : null,
            Attempts = Text(row, 10) is { } attempts
                ? JsonSerializer.Deserialize(attempts, StoredJson.Documents.IReadOnlyListAttempt)!
                : [],
            Children = Text(row, 12) is { } children ? JsonSerializer.Deserialize(children, StoredJson.Documents.ArraySummary) : null,
            Service = Text(row, 17) is { } service ? JsonSerializer.Deserialize(service, StoredJson.Documents.ServiceJobProgress) : null,
            Scope = ScopeText.Parse(row.GetString(13)),
            Specification = specification,
        };
    }

    /// <summary>Returns the id of a row's parent; null if there is none.</summary>
    public static string? ParentId(SqliteDataReader row) => Text(row, 15);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
