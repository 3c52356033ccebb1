using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>SPOT_CAPACITY_OPTIMIZED: the type that is least likely to be interrupted first, of these the lowest price of a vCPU.</summary>
internal sealed class SpotCapacityOptimized : AllocationStrategy
{
    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) =>
        ThenBySize(types.OrderBy(type => request.HazardOf(type.Name)).ThenBy(type => type.UsdPerVcpu), request);
}
