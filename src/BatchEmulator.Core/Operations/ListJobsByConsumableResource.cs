using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// ListJobsByConsumableResource: the jobs that need units of a resource, newest first; of arrays and multi-node parallel jobs the whole.
/// </summary>
internal static class ListJobsByConsumableResource
{
    private const string Listing = "consumers";

    public static Wire.ListJobsByConsumableResourceResponse Answer(
        IBatchQueries queries, Scope scope, Wire.ListJobsByConsumableResourceRequest request)
    {
        var arn = DescribeConsumableResource.Find(queries, scope, request.ConsumableResource!).Value.Arn;
        var pageSize = Paging.PageSize(request.MaxResults);
        var (status, name) = Filters(request.Filters);
        var found = queries.Consumers(new ConsumerQuery(scope, arn, pageSize + 1)
        {
            After = JobListing.After(Listing, request.NextToken),
            Status = status,
            Name = name,
        });
        var (page, nextToken) = JobListing.Cut(Listing, new JobPage(found), pageSize);
        return new() { Jobs = [.. page.Select(job => Of(job, arn))], NextToken = nextToken };
    }

    private static Wire.ListJobsByConsumableResourceSummary Of(Job job, string arn) => new()
    {
        JobArn = job.Arn,
        JobQueueArn = job.Specification.JobQueueArn,
        JobName = job.Specification.JobName,
        JobDefinitionArn = job.Specification.JobDefinitionArn,
        ShareIdentifier = job.Specification.ShareIdentifier,
        JobStatus = job.Status.Wire(),
        Quantity = job.Specification.Units!.First(units => units.Resource == arn).Quantity,
        StatusReason = job.StatusReason,
        StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
        CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
        ConsumableResourceProperties = job.Specification.ConsumableResources ?? new() { ConsumableResourceList = [] },
    };

    /// <summary>Parses the two filters: each at most once, or both.</summary>
    private static (JobStatus? Status, string? Name) Filters(IReadOnlyList<Wire.KeyValuesPair>? filters)
    {
        JobStatus? status = null;
        string? name = null;
        foreach (var filter in filters ?? [])
        {
            Require(filter.Values is { Count: 1 }, OpenTexts.OneFilterValue);
            Require(filter.Name is "JOB_STATUS" or "JOB_NAME", OpenTexts.ConsumableJobFilterName);
            var value = filter.Values![0];
            if (filter.Name == "JOB_NAME")
            {
                name = value;
            }
            else
            {
                Require(Wire.JobStatus.Values.Contains(value), OpenTexts.FilterStatus(value));
                status = JobStatusWords.Parse(value);
            }
        }

        Require((filters ?? []).DistinctBy(filter => filter.Name).Count() == (filters?.Count ?? 0), OpenTexts.OneFilter);
        return (status, name);
    }
}
