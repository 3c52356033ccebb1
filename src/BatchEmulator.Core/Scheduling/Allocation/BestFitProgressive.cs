using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>BEST_FIT_PROGRESSIVE: the lowest price of a vCPU first.</summary>
internal sealed class BestFitProgressive : AllocationStrategy
{
    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) =>
        ThenBySize(types.OrderBy(type => type.UsdPerVcpu), request);
}
