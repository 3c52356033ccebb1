using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// ListServiceJobs: the service jobs of a queue, newest first; those that are RUNNING unless a status or a filter says otherwise.
/// </summary>
internal static class ListServiceJobs
{
    private const string Listing = "service-jobs";
    private const int MaximumPage = 100;

    private static readonly IReadOnlyDictionary<string, JobFilterKind> Filters = new Dictionary<string, JobFilterKind>
    {
        ["JOB_NAME"] = JobFilterKind.JobName,
        ["BEFORE_CREATED_AT"] = JobFilterKind.BeforeCreatedAt,
        ["AFTER_CREATED_AT"] = JobFilterKind.AfterCreatedAt,
        ["SHARE_IDENTIFIER"] = JobFilterKind.ShareIdentifier,
        ["QUOTA_SHARE_NAME"] = JobFilterKind.QuotaShareName,
    };

    public static Wire.ListServiceJobsResponse Answer(IBatchQueries queries, Scope scope, Wire.ListServiceJobsRequest request)
    {
        Require(!string.IsNullOrEmpty(request.JobQueue), OpenTexts.JobQueueRequired);
        var filter = JobListing.Filter(request.Filters, Filters, OpenTexts.ServiceFilterName);
        var pageSize = Paging.PageSize(request.MaxResults, MaximumPage);
        var after = JobListing.After(Listing, request.NextToken);
        var queue = JobListing.FindQueue(queries, scope, request.JobQueue!);
        var query = new JobQuery(scope, pageSize + 1)
        {
            JobQueueArn = queue.Arn,
            Status = JobListing.Status(request.JobStatus, filter),
            Filter = filter,
            After = after,
        };
        var found = queue.IsService ? queries.ListJobs(query) : new JobPage([]);
        var (page, nextToken) = JobListing.Cut(Listing, found, pageSize);
        return new() { JobSummaryList = [.. page.Select(ServiceJobSummaries.Of)], NextToken = nextToken };
    }
}
