using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeConsumableResource: one resource.</summary>
internal static class DescribeConsumableResource
{
    public static Wire.DescribeConsumableResourceResponse Answer(
        IBatchQueries queries, Scope scope, Wire.DescribeConsumableResourceRequest request)
    {
        var found = Find(queries, scope, request.ConsumableResource!);
        return found.Value.ToWire(found.Tags);
    }

    internal static Tagged<ConsumableResource> Find(IBatchQueries queries, Scope scope, string given)
    {
        var found = queries.Resources(
            ConsumableResource.Row, new ResourceQuery(scope, [Arn.Resolve(scope, Arn.ConsumableResourceType, given)], 0, 1));
        RequireState(found.Count == 1, OpenTexts.ConsumableResourceNotFound(given));
        return found[0];
    }
}
