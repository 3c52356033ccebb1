using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeJobQueues: unknown names are left out.</summary>
internal static class DescribeJobQueues
{
    public static Wire.DescribeJobQueuesResponse Answer(IBatchQueries queries, Scope scope, Wire.DescribeJobQueuesRequest request)
    {
        var listing = ResourceListing.Of(scope, Arn.JobQueueType, "JobQueues", request.JobQueues, request.MaxResults, request.NextToken);
        var (page, nextToken) = listing.Cut(queries.Resources(JobQueue.Row, listing.Query), q => q.Value.Sequence);
        return new() { JobQueues = [.. page.Select(q => q.Value.ToWire(q.Tags))], NextToken = nextToken };
    }
}
