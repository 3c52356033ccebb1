using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>
/// BEST_FIT: the cheapest type that can hold the job; if that one is not to be had, the job waits for it. Never exceeds maxvCpus.
/// </summary>
internal sealed class BestFit : AllocationStrategy
{
    public override bool TakesOthers => false;

    public override bool MayExceedMaximum => false;

    public override IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request) => types
        .OrderBy(type => type.UsdPerHour ?? decimal.MaxValue)
        .ThenBy(type => type.Vcpus)
        .ThenBy(type => type.Name, StringComparer.Ordinal);
}
