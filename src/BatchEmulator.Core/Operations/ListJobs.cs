using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Ports;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>ListJobs: the jobs of a queue, newest first, or the children of an array, or the nodes of a multi-node parallel job; those that are RUNNING unless a status or a filter says otherwise.</summary>
public static class ListJobs
{
    private const string Listing = "jobs";
    private const int MaximumPage = 1000;
    private const int MaximumFilteredPage = 100;

    public static Wire.ListJobsResponse Answer(IBatchQueries queries, Scope scope, Wire.ListJobsRequest request)
    {
        var parents = new[] { request.JobQueue, request.ArrayJobId, request.MultiNodeJobId }.Count(p => !string.IsNullOrEmpty(p));
        Require(parents == 1, OpenTexts.OneListing);
        var filter = Filter(request.Filters);
        var pageSize = Paging.PageSize(request.MaxResults, filter is null ? MaximumPage : MaximumFilteredPage);
        var query = new JobQuery(scope, pageSize + 1) { After = After(request.NextToken) };
        var found = queries.ListJobs(!string.IsNullOrEmpty(request.JobQueue)
            ? query with { JobQueueArn = FindQueue(queries, scope, request.JobQueue), Status = Status(request.JobStatus, filter), Filter = filter }
            // Filters do not apply to children; there, too, RUNNING is the default.
            : query with { ArrayJobId = request.ArrayJobId, MultiNodeJobId = request.MultiNodeJobId, Status = Status(request.JobStatus, filter: null) });
        var (page, nextToken) = Paging.Cut(found, pageSize, j => Paging.Token(Listing, string.Create(CultureInfo.InvariantCulture, $"{j.Sequence}:{j.Specification.JobName}")));
        return new() { JobSummaryList = [.. page.Select(j => JobSummaries.Of(j, filter is not null))], NextToken = nextToken };
    }

    private static JobPlace? After(string? token)
    {
        if (Paging.Place(Listing, token) is not { } place)
        {
            return null;
        }

        var (colon, sequence) = (place.IndexOf(':', StringComparison.Ordinal), 0L);
        Require(colon > 0 && long.TryParse(place.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out sequence), OpenTexts.NextToken);
        return new JobPlace(sequence, place[(colon + 1)..]);
    }

    private static string FindQueue(IBatchQueries queries, Scope scope, string given)
    {
        var arn = Arn.Resolve(scope, Arn.JobQueueType, given);
        RequireState(queries.JobQueues(new ResourceQuery(scope, [arn], 0, 1)).Count == 1, $"JobQueue {given} not found.");
        return arn;
    }

    /// <summary>Filters list every status; only SHARE_IDENTIFIER combines with one.</summary>
    private static JobStatus? Status(string? given, JobFilter? filter) =>
        filter is { Kind: not JobFilterKind.ShareIdentifier } ? null
        : given is not null ? JobStatusWords.Parse(given)
        : filter is null ? JobStatus.Running
        : null;

    private static JobFilter? Filter(IReadOnlyList<Wire.KeyValuesPair>? filters)
    {
        if (filters is not { Count: > 0 })
        {
            return null;
        }

        Require(filters.Count == 1, OpenTexts.OneFilter);
        Require(filters[0].Values is { Count: 1 }, OpenTexts.OneFilterValue);
        var value = filters[0].Values![0];
        JobFilterKind? kind = filters[0].Name switch
        {
            "JOB_NAME" => JobFilterKind.JobName,
            "JOB_DEFINITION" => JobFilterKind.JobDefinition,
            "BEFORE_CREATED_AT" => JobFilterKind.BeforeCreatedAt,
            "AFTER_CREATED_AT" => JobFilterKind.AfterCreatedAt,
            "SHARE_IDENTIFIER" => JobFilterKind.ShareIdentifier,
            _ => null,
        };
        Require(kind is not null, OpenTexts.FilterName);
        Require(
            kind is not (JobFilterKind.BeforeCreatedAt or JobFilterKind.AfterCreatedAt)
                || long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            OpenTexts.FilterTime(filters[0].Name));
        return new JobFilter(kind!.Value, value);
    }
}
