using System.Globalization;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>
/// Pages of a queue's jobs. Each walks an index in the order of its result and stops at the end of the page. The first table of a CROSS
/// JOIN is the one whose index is walked: SQLite keeps that order.
/// </summary>
internal sealed class QueueListing
{
    /// <summary>
    /// How many definitions are merged. Each costs an index look-up (some microseconds) on every page, whether or not it has jobs. A
    /// filter that selects more of them probably selects many of the jobs too, so that going through the jobs soon fills a page.
    /// </summary>
    internal const int MaximumMerged = 1_000;

    /// <summary>
    /// How many jobs one request goes through when no index has what it asks for: some milliseconds. The page is then returned as it is,
    /// even if empty, with a token for the rest.
    /// </summary>
    internal const int Stride = 5_000;

    private const string FromSpecification = "FROM job_specification s CROSS JOIN job j ON j.sequence = s.sequence";
    private const string FromJob = "FROM job j CROSS JOIN job_specification s ON s.sequence = j.sequence";

    private static readonly IReadOnlyList<long> Statuses = [.. Enum.GetValues<JobStatus>().Select(s => (long)s)];

    private readonly ReaderPool.Reader _reader;
    private readonly JobQuery _query;
    private readonly long _queue;

    private QueueListing(ReaderPool.Reader reader, JobQuery query, long queue) => (_reader, _query, _queue) = (reader, query, queue);

    private long Before => _query.After?.Sequence ?? long.MaxValue;

    public static JobPage Read(ReaderPool.Reader reader, JobQuery query) =>
        reader.Prepare("SELECT sequence FROM resource WHERE arn = $1", 1).Number(query.JobQueueArn) is { } queue
            ? new QueueListing(reader, query, queue).Read()
            : new JobPage([]);

    private JobPage Read() => (_query.Filter, _query.Status) switch
    {
        (null, { } status) => new(OfStatus(status)),
        (null, null) => new(OfEveryStatus()),
        ({ Kind: JobFilterKind.ShareIdentifier } filter, { } status) => new(OfShare(filter.Value, status)),
        ({ Kind: JobFilterKind.ShareIdentifier } filter, null) => new(OfShare(filter.Value)),
        ({ Kind: JobFilterKind.JobName } filter, null) => new(Named(new NameRange(filter.Value))),
        ({ Kind: JobFilterKind.JobDefinition } filter, null) => OfDefinition(new DefinitionFilter(filter.Value)),
        ({ Kind: JobFilterKind.BeforeCreatedAt } filter, null) => new(Created(long.MinValue, Milliseconds(filter))),
        ({ Kind: JobFilterKind.AfterCreatedAt } filter, null) => new(Created(Milliseconds(filter), long.MaxValue)),
        _ => throw new NotSupportedException($"Jobs are not listed by {_query.Filter} and {_query.Status}."),
    };

    private List<Job> OfStatus(JobStatus status) => _reader
        .Prepare(
            $"""
            {JobRow.SelectWhole} {FromJob}
            WHERE j.parent IS NULL AND j.queue = $1 AND j.status = $2 AND j.sequence < $3 ORDER BY j.sequence DESC LIMIT $4
            """,
            4)
        .Rows(JobRow.Read, _queue, (int)status, Before, _query.Limit);

    private IReadOnlyList<Job> OfEveryStatus()
    {
        var next = _reader.Prepare(
            """
            SELECT sequence FROM job WHERE parent IS NULL AND queue = $1 AND status = $2 AND sequence < $3 ORDER BY sequence DESC LIMIT 1
            """,
            3);
        return Merge(Statuses, (status, before) => next.Number(_queue, status, before));
    }

    private List<Job> OfShare(string share, JobStatus status) => _reader
        .Prepare(
            $"""
            {JobRow.SelectWhole} {FromJob}
            WHERE j.queue = $1 AND j.share = $2 AND j.status = $3 AND j.sequence < $4 ORDER BY j.sequence DESC LIMIT $5
            """,
            5)
        .Rows(JobRow.Read, _queue, share, (int)status, Before, _query.Limit);

    private IReadOnlyList<Job> OfShare(string share)
    {
        var next = _reader.Prepare(
            "SELECT sequence FROM job WHERE queue = $1 AND share = $2 AND status = $3 AND sequence < $4 ORDER BY sequence DESC LIMIT 1", 4);
        return Merge(Statuses, (status, before) => next.Number(_queue, share, status, before));
    }

    private IReadOnlyList<Job> Named(NameRange names)
    {
        var ofName = _reader.Prepare(
            $"""
            {JobRow.SelectWhole} {FromSpecification}
            WHERE s.queue = $1 AND s.name = $2 COLLATE NOCASE AND s.sequence < $3 ORDER BY s.sequence DESC LIMIT $4
            """,
            4);
        var next = (bool isIncluded) => _reader.Prepare(
            $"""
            SELECT name FROM job_specification WHERE queue = $1 AND name {(isIncluded ? ">=" : ">")} $2 COLLATE NOCASE
            ORDER BY name COLLATE NOCASE LIMIT 1
            """,
            2);
        return new GroupedWalk(
            (name, before, limit) => ofName.Rows(JobRow.Read, _queue, name, before, limit),
            (name, isIncluded) => next(isIncluded).Rows(row => row.GetString(0), _queue, name).FirstOrDefault())
            .Read(names, _query.After, _query.Limit);
    }

    /// <summary>Those created between two times, without the times themselves.</summary>
    private List<Job> Created(long after, long before)
    {
        // Before every job of that millisecond, since no place in the total order is below 1; or before the last job of the page before.
        var (createdAt, sequence) = _query.After is { } place ? (place.CreatedAt, place.Sequence) : (before, 0);
        return _reader
            .Prepare(
                $"""
                {JobRow.SelectWhole} {FromSpecification}
                WHERE s.queue = $1 AND s.created > $2 AND (s.created, s.sequence) < ($3, $4)
                ORDER BY s.created DESC, s.sequence DESC LIMIT $5
                """,
                5)
            .Rows(JobRow.Read, _queue, after, createdAt, sequence, _query.Limit);
    }

    private JobPage OfDefinition(DefinitionFilter filter)
    {
        if (filter.Find(_reader, _query.Scope, MaximumMerged + 1) is not { Count: <= MaximumMerged } definitions)
        {
            return Search(filter);
        }

        var next = _reader.Prepare(
            """
            SELECT sequence FROM job_specification
            WHERE queue = $1 AND definition_sequence = $2 AND sequence < $3 ORDER BY sequence DESC LIMIT 1
            """,
            3);
        return new(Merge(definitions, (definition, before) => next.Number(_queue, definition, before)));
    }

    /// <summary>Goes through the jobs in the order of creation, a bounded number of them.</summary>
    private JobPage Search(DefinitionFilter filter)
    {
        var found = new List<Job>();
        var at = _query.After ?? new JobPlace(long.MaxValue, long.MaxValue, "");
        var visited = 0;
        using (var rows = _reader
            .Prepare(
                """
                SELECT sequence, created, definition FROM job_specification
                WHERE queue = $1 AND (created, sequence) < ($2, $3) ORDER BY created DESC, sequence DESC LIMIT $4
                """,
                4)
            .Open(_queue, at.CreatedAt, at.Sequence, Stride))
        {
            for (; found.Count < _query.Limit && rows.Read(); visited++)
            {
                at = new JobPlace(rows.GetInt64(0), rows.GetInt64(1), "");
                if (filter.Selects(rows.GetString(2)))
                {
                    found.AddRange(ByPlace(at.Sequence));
                }
            }
        }

        return new(found, found.Count < _query.Limit && visited == Stride ? at : null);
    }

    private IReadOnlyList<Job> Merge(IReadOnlyList<long> parts, Func<long, long, long?> next) =>
        new MergedWalk(next, ByPlace).Read(parts, Before, _query.Limit);

    private List<Job> ByPlace(long sequence) =>
        _reader.Prepare($"{JobRow.SelectWhole} {FromJob} WHERE j.sequence = $1", 1).Rows(JobRow.Read, sequence);

    private static long Milliseconds(JobFilter filter) => long.Parse(filter.Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
