using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>
/// SPOT_PRICE_CAPACITY_OPTIMIZED: both the price of a vCPU and the risk of an interruption. AWS does not document how it weighs them: here,
/// as if each interruption cost the work of an hour.
/// </summary>
internal sealed class SpotPriceCapacityOptimized : AllocationStrategy
{
    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) =>
        ThenBySize(types.OrderBy(type => type.UsdPerHour is null ? double.MaxValue : Cost(type, request)), request);

    private static double Cost(InstanceType type, AllocationRequest request) =>
        (double)type.UsdPerVcpu * (1 + request.HazardOf(type.Name));
}
