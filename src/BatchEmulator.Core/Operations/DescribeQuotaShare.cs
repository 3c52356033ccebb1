using BatchEmulator.Core.Identity;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeQuotaShare: one share.</summary>
internal static class DescribeQuotaShare
{
    public static Wire.DescribeQuotaShareResponse Answer(IBatchQueries queries, Scope scope, Wire.DescribeQuotaShareRequest request)
    {
        var found = queries.Resources(QuotaShare.Row, new ResourceQuery(scope, [request.QuotaShareArn!], 0, 1));
        RequireState(found.Count == 1, OpenTexts.QuotaShareNotFound(request.QuotaShareArn!));
        var shown = found[0].Value.ToWire();
        return new()
        {
            QuotaShareName = shown.QuotaShareName,
            QuotaShareArn = shown.QuotaShareArn,
            JobQueueArn = shown.JobQueueArn,
            CapacityLimits = shown.CapacityLimits,
            ResourceSharingConfiguration = shown.ResourceSharingConfiguration,
            PreemptionConfiguration = shown.PreemptionConfiguration,
            State = shown.State,
            Status = shown.Status,
            Tags = found[0].Tags,
        };
    }
}
