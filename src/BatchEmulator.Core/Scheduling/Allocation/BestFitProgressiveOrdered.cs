using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>BEST_FIT_PROGRESSIVE_ORDERED: in the order of the environment's list.</summary>
internal sealed class BestFitProgressiveOrdered : AllocationStrategy
{
    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) =>
        ThenBySize(types.OrderBy(request.PlaceOf), request);
}
