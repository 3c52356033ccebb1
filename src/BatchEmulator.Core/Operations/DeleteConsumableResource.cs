using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteConsumableResource: gone at once; jobs that hold units of it continue. Deleting an unknown one succeeds.</summary>
internal static class DeleteConsumableResource
{
    public static Wire.DeleteConsumableResourceResponse Decide(Turn turn, Scope scope, Wire.DeleteConsumableResourceRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.ConsumableResourceType, request.ConsumableResource!);
        if (turn.State.Of<ConsumableResource>().TryGetValue(arn, out var resource) && resource.Scope == scope)
        {
            turn.Record(new ResourceRemoved(resource));
        }

        return new();
    }
}
