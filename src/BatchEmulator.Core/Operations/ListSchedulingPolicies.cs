using BatchEmulator.Core.Identity;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>ListSchedulingPolicies: ARNs, in the order of creation.</summary>
internal static class ListSchedulingPolicies
{
    public static Wire.ListSchedulingPoliciesResponse Answer(IBatchQueries queries, Scope scope, Wire.ListSchedulingPoliciesRequest request)
    {
        var listing = ResourceListing.Of(
            scope, Arn.SchedulingPolicyType, "SchedulingPolicies", null, request.MaxResults, request.NextToken);
        var (page, nextToken) = listing.Cut(queries.Resources(SchedulingPolicy.Row, listing.Query), p => p.Value.Sequence);
        return new()
        {
            SchedulingPolicies = [.. page.Select(p => new Wire.SchedulingPolicyListingDetail { Arn = p.Value.Arn })],
            NextToken = nextToken,
        };
    }
}
