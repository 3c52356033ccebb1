using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Listings;

/// <summary>Pages of a queue's jobs. Each walks an index in the order of its result and stops at the end of the page.</summary>
public readonly struct QueueListing
{
    /// <summary>
    /// Maximum number of definitions that are merged. Each costs an index look-up (some microseconds) on every page, whether or not it has
    /// jobs. A filter that selects more of them probably selects many of the jobs too, so that a scan of the jobs soon fills a page.
    /// </summary>
    public const int MaximumMerged = 1_000;

    /// <summary>
    /// Number of jobs that one request scans if no index fits the filter: some milliseconds. The page is then returned as it is, even if
    /// empty, with a token for the rest.
    /// </summary>
    public const int Stride = 5_000;

    private static readonly IReadOnlyList<long> Statuses = [.. Enum.GetValues<JobStatus>().Select(s => (long)s)];

    private readonly IQueueIndexes _indexes;
    private readonly JobQuery _query;

    private QueueListing(IQueueIndexes indexes, JobQuery query) => (_indexes, _query) = (indexes, query);

    private long Before => _query.After?.Sequence ?? long.MaxValue;

    /// <summary>Reads a page.</summary>
    /// <param name="indexes">Indexes of the queue.</param>
    /// <param name="query">The jobs to list.</param>
    public static JobPage Read(IQueueIndexes indexes, JobQuery query) => new QueueListing(indexes, query).Read();

    private JobPage Read() => (_query.Filter, _query.Status) switch
    {
        (null, { } status) => new(OfStatus(status)),
        (null, null) => new(OfEveryStatus()),
        ({ Kind: JobFilterKind.ShareIdentifier } filter, { } status) => new(OfStatus(status, filter.Value)),
        ({ Kind: JobFilterKind.ShareIdentifier } filter, null) => new(OfEveryStatus(filter.Value)),
        ({ Kind: JobFilterKind.QuotaShareName } filter, { } status) => new(OfStatus(status, JobSpecification.KeyOfQuotaShare(filter.Value))),
        ({ Kind: JobFilterKind.QuotaShareName } filter, null) => new(OfEveryStatus(JobSpecification.KeyOfQuotaShare(filter.Value))),
        ({ Kind: JobFilterKind.JobName } filter, null) => new(OfNames(Wildcard.AtEnd(filter.Value, ignoresCase: true))),
        ({ Kind: JobFilterKind.JobDefinition } filter, null) => OfDefinition(new DefinitionFilter(filter.Value)),
        ({ Kind: JobFilterKind.BeforeCreatedAt } filter, null) => new(Created(long.MinValue, Milliseconds(filter))),
        ({ Kind: JobFilterKind.AfterCreatedAt } filter, null) => new(Created(Milliseconds(filter), long.MaxValue)),
        _ => throw new NotSupportedException($"Jobs are not listed by {_query.Filter} and {_query.Status}."),
    };

    private IReadOnlyList<Job> OfStatus(JobStatus status, string? share = null) => _indexes.OfStatus(status, share, Before, _query.Limit);

    private IReadOnlyList<Job> OfEveryStatus(string? share = null)
    {
        var indexes = _indexes;
        return Merge(Statuses, (status, before) => indexes.NewestOfStatus((JobStatus)status, share, before));
    }

    private IReadOnlyList<Job> OfNames(Wildcard names) =>
        new GroupedWalk(_indexes.OfName, _indexes.NextName).Read(names, _query.After, _query.Limit);

    /// <summary>Reads jobs created between two times, without the times themselves.</summary>
    private IReadOnlyList<Job> Created(long after, long before)
    {
        // Before every job of that millisecond, since no place in the total order is below 1; or before the last job of the page before.
        var place = _query.After ?? new JobPlace(0, before, "");
        return _indexes.OfTime(after, place, _query.Limit);
    }

    private JobPage OfDefinition(DefinitionFilter filter) =>
        filter.Find(_indexes, _query.Scope, MaximumMerged + 1) is { Count: <= MaximumMerged } definitions
            ? new(Merge(definitions, _indexes.NewestOfDefinition))
            : Search(filter);

    /// <summary>Scans a bounded number of jobs in the order of creation.</summary>
    private JobPage Search(DefinitionFilter filter)
    {
        var found = new List<Job>();
        var at = _query.After ?? new JobPlace(long.MaxValue, long.MaxValue, "");
        var visited = 0;
        foreach (var (place, definition) in _indexes.Walk(at, Stride))
        {
            (at, visited) = (place, visited + 1);
            if (filter.Selects(definition))
            {
                found.Add(_indexes.Find(place.Sequence));
                if (found.Count == _query.Limit)
                {
                    break;
                }
            }
        }

        return new(found, found.Count < _query.Limit && visited == Stride ? at : null);
    }

    private IReadOnlyList<Job> Merge(IReadOnlyList<long> parts, Func<long, long, long?> next) =>
        new MergedWalk(next, _indexes.Find).Read(parts, Before, _query.Limit);

    private static long Milliseconds(JobFilter filter) => long.Parse(filter.Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
