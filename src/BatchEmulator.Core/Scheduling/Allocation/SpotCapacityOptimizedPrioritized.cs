using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>
/// SPOT_CAPACITY_OPTIMIZED_PRIORITIZED: the type that is least likely to be interrupted first, of these in the order of the environment's
/// list.
/// </summary>
internal sealed class SpotCapacityOptimizedPrioritized : AllocationStrategy
{
    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) =>
        ThenBySize(types.OrderBy(type => request.HazardOf(type.Name)).ThenBy(request.PlaceOf), request);
}
