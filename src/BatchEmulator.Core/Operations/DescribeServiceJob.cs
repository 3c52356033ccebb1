using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeServiceJob: one job.</summary>
internal static class DescribeServiceJob
{
    public static Wire.DescribeServiceJobResponse Answer(IBatchQueries queries, Scope scope, Wire.DescribeServiceJobRequest request)
    {
        var found = queries.Jobs(scope, [ServiceJobLookup.IdOf(scope, request.JobId!)]);
        RequireState(found is [{ Value.IsService: true }], OpenTexts.ServiceJobNotFound(request.JobId!));
        return ServiceJobDetails.Of(found[0].Value, found[0].Tags);
    }
}
