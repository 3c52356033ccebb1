using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeJobs: up to 100 ids; unknown ones are left out.</summary>
internal static class DescribeJobs
{
    private const int MaximumJobs = 100;

    public static Wire.DescribeJobsResponse Answer(IBatchQueries queries, Scope scope, Wire.DescribeJobsRequest request)
    {
        Require(request.Jobs!.Count <= MaximumJobs, "Maximum number of jobs supported is  100 .");
        var ids = request.Jobs.Select(id => JobIds.Of(scope, id)).Distinct().ToList();
        return new() { Jobs = [.. queries.Jobs(scope, ids).Where(j => !j.Value.IsService).Select(j => JobDetails.Of(j.Value, j.Tags))] };
    }
}
