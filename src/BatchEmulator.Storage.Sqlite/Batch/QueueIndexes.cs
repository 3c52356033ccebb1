using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Listings;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>
/// Indexes of a queue. The first table of a CROSS JOIN is the one whose index is walked: SQLite keeps that order.
/// </summary>
internal sealed class QueueIndexes : IQueueIndexes
{
    private const string FromSpecification = "FROM job_specification s CROSS JOIN job j ON j.sequence = s.sequence";
    private const string FromJob = "FROM job j CROSS JOIN job_specification s ON s.sequence = j.sequence";

    private readonly ReaderPool.Reader _reader;
    private readonly long _queue;

    private QueueIndexes(ReaderPool.Reader reader, long queue) => (_reader, _queue) = (reader, queue);

    /// <returns>The indexes; null if there is no such queue.</returns>
    public static QueueIndexes? Of(ReaderPool.Reader reader, string? queueArn) =>
        reader.Prepare("SELECT sequence FROM resource WHERE arn = $1", 1).Number(queueArn) is { } queue ? new(reader, queue) : null;

    public Job Find(long sequence) =>
        _reader.Prepare($"{JobRow.SelectWhole} {FromJob} WHERE j.sequence = $1", 1).Rows(JobRow.Read, sequence)[0];

    public IReadOnlyList<Job> OfStatus(JobStatus status, string? share, long before, int limit) => share is null
        ? _reader
            .Prepare(
                $"""
                {JobRow.SelectWhole} {FromJob}
                WHERE j.parent IS NULL AND j.queue = $1 AND j.status = $2 AND j.sequence < $3 ORDER BY j.sequence DESC LIMIT $4
                """,
                4)
            .Rows(JobRow.Read, _queue, (int)status, before, limit)
        : _reader
            .Prepare(
                $"""
                {JobRow.SelectWhole} {FromJob}
                WHERE j.queue = $1 AND j.share = $2 AND j.status = $3 AND j.sequence < $4 ORDER BY j.sequence DESC LIMIT $5
                """,
                5)
            .Rows(JobRow.Read, _queue, share, (int)status, before, limit);

    public long? NewestOfStatus(JobStatus status, string? share, long before) => share is null
        ? _reader
            .Prepare(
                """
                SELECT sequence FROM job WHERE parent IS NULL AND queue = $1 AND status = $2 AND sequence < $3
                ORDER BY sequence DESC LIMIT 1
                """,
                3)
            .Number(_queue, (int)status, before)
        : _reader
            .Prepare(
                """
                SELECT sequence FROM job WHERE queue = $1 AND share = $2 AND status = $3 AND sequence < $4 ORDER BY sequence DESC LIMIT 1
                """,
                4)
            .Number(_queue, share, (int)status, before);

    public IReadOnlyList<Job> OfName(string name, long before, int limit) => _reader
        .Prepare(
            $"""
            {JobRow.SelectWhole} {FromSpecification}
            WHERE s.queue = $1 AND s.name = $2 COLLATE NOCASE AND s.sequence < $3 ORDER BY s.sequence DESC LIMIT $4
            """,
            4)
        .Rows(JobRow.Read, _queue, name, before, limit);

    public string? NextName(string name, bool isIncluded) => _reader
        .Prepare(
            $"""
            SELECT name FROM job_specification WHERE queue = $1 AND name {(isIncluded ? ">=" : ">")} $2 COLLATE NOCASE
            ORDER BY name COLLATE NOCASE LIMIT 1
            """,
            2)
        .Rows(row => row.GetString(0), _queue, name).FirstOrDefault();

    public IReadOnlyList<Job> OfTime(long after, JobPlace before, int limit) => _reader
        .Prepare(
            $"""
            {JobRow.SelectWhole} {FromSpecification}
            WHERE s.queue = $1 AND s.created > $2 AND (s.created, s.sequence) < ($3, $4)
            ORDER BY s.created DESC, s.sequence DESC LIMIT $5
            """,
            5)
        .Rows(JobRow.Read, _queue, after, before.CreatedAt, before.Sequence, limit);

    public IEnumerable<(JobPlace Place, string DefinitionArn)> Walk(JobPlace before, int limit)
    {
        using var rows = _reader
            .Prepare(
                """
                SELECT sequence, created, definition FROM job_specification
                WHERE queue = $1 AND (created, sequence) < ($2, $3) ORDER BY created DESC, sequence DESC LIMIT $4
                """,
                4)
            .Open(_queue, before.CreatedAt, before.Sequence, limit);
        while (rows.Read())
        {
            yield return (new JobPlace(rows.GetInt64(0), rows.GetInt64(1), ""), rows.GetString(2));
        }
    }

    public long? FindDefinition(string arn) => _reader.Prepare("SELECT sequence FROM job_definition WHERE arn = $1", 1).Number(arn);

    public IReadOnlyList<long> FindDefinitions(Scope scope, string name, bool isPrefix, int limit) => isPrefix
        ? _reader
            .Prepare("SELECT sequence FROM job_definition WHERE scope = $1 AND name >= $2 AND name < $3 LIMIT $4", 4)
            .Rows(row => row.GetInt64(0), ScopeText.Of(scope), name, name + char.MaxValue, limit)
        : _reader
            .Prepare("SELECT sequence FROM job_definition WHERE scope = $1 AND name = $2 LIMIT $3", 3)
            .Rows(row => row.GetInt64(0), ScopeText.Of(scope), name, limit);

    public long? NewestOfDefinition(long definition, long before) => _reader
        .Prepare(
            """
            SELECT sequence FROM job_specification
            WHERE queue = $1 AND definition_sequence = $2 AND sequence < $3 ORDER BY sequence DESC LIMIT 1
            """,
            3)
        .Number(_queue, definition, before);
}
