using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// ListJobs: the jobs of a queue, newest first, or the children of an array, or the nodes of a multi-node parallel job; those that are
/// RUNNING unless a status or a filter says otherwise.
/// </summary>
internal static class ListJobs
{
    private const string Listing = "jobs";
    private const int MaximumPage = 1000;
    private const int MaximumFilteredPage = 100;

    private static readonly IReadOnlyDictionary<string, JobFilterKind> Filters = new Dictionary<string, JobFilterKind>
    {
        ["JOB_NAME"] = JobFilterKind.JobName,
        ["JOB_DEFINITION"] = JobFilterKind.JobDefinition,
        ["BEFORE_CREATED_AT"] = JobFilterKind.BeforeCreatedAt,
        ["AFTER_CREATED_AT"] = JobFilterKind.AfterCreatedAt,
        ["SHARE_IDENTIFIER"] = JobFilterKind.ShareIdentifier,
    };

    public static Wire.ListJobsResponse Answer(IBatchQueries queries, Scope scope, Wire.ListJobsRequest request)
    {
        var parents = new[] { request.JobQueue, request.ArrayJobId, request.MultiNodeJobId }.Count(p => !string.IsNullOrEmpty(p));
        Require(parents == 1, OpenTexts.OneListing);
        var filter = JobListing.Filter(request.Filters, Filters, OpenTexts.FilterName);
        var pageSize = Paging.PageSize(request.MaxResults, filter is null ? MaximumPage : MaximumFilteredPage);
        var query = new JobQuery(scope, pageSize + 1) { After = JobListing.After(Listing, request.NextToken) };
        // Filters do not apply to children; RUNNING is the default for them, too.
        var found = string.IsNullOrEmpty(request.JobQueue)
            ? queries.ListJobs(query with
            {
                ArrayJobId = IdOf(scope, request.ArrayJobId),
                MultiNodeJobId = IdOf(scope, request.MultiNodeJobId),
                Status = JobListing.Status(request.JobStatus, filter: null),
            })
            : InQueue(queries, scope, request, query, filter);
        var (page, nextToken) = JobListing.Cut(Listing, found, pageSize);
        return new() { JobSummaryList = [.. page.Select(j => JobSummaries.Of(j, filter is not null))], NextToken = nextToken };
    }

    private static string? IdOf(Scope scope, string? idOrArn) => string.IsNullOrEmpty(idOrArn) ? null : JobIds.Of(scope, idOrArn);

    /// <summary>Service jobs belong to ListServiceJobs.</summary>
    private static JobPage InQueue(IBatchQueries queries, Scope scope, Wire.ListJobsRequest request, JobQuery query, JobFilter? filter)
    {
        var queue = JobListing.FindQueue(queries, scope, request.JobQueue!);
        return queue.IsService ? new JobPage([]) : queries.ListJobs(query with
        {
            JobQueueArn = queue.Arn,
            Status = JobListing.Status(request.JobStatus, filter),
            Filter = filter,
        });
    }
}
