using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>
/// Chooses the types of the instances that are launched for a job (User Guide, "Instance type allocation strategies for AWS Batch").
/// </summary>
internal abstract class AllocationStrategy
{
    /// <summary>True if another type is taken when the first one is not to be had.</summary>
    public virtual bool TakesOthers => true;

    /// <summary>True if the last instance may exceed maxvCpus.</summary>
    public virtual bool MayExceedMaximum => true;

    /// <summary>Sorts the types that can hold a job by preference.</summary>
    public abstract IEnumerable<InstanceType> Sort(IEnumerable<InstanceType> types, AllocationRequest request);

    /// <summary>
    /// Sorts sizes of equal preference. AWS does not document how it chooses them: here, the largest of at most the waiting vCPUs, since
    /// few large instances hold many jobs as well as many small ones; otherwise the smallest.
    /// </summary>
    protected static IOrderedEnumerable<InstanceType> ThenBySize(IOrderedEnumerable<InstanceType> types, AllocationRequest request) =>
        types.ThenBy(type => type.Vcpus > request.WantedVcpus)
            .ThenBy(type => type.Vcpus > request.WantedVcpus ? type.Vcpus : -type.Vcpus)
            .ThenBy(type => type.Name, StringComparer.Ordinal);
}

/// <summary>Request for an instance.</summary>
/// <param name="Names">The instance types of the environment as its owner listed them.</param>
/// <param name="WantedVcpus">vCPUs that waiting jobs want, as far as the environment may have them.</param>
/// <param name="HazardOf">Returns the expected interruptions of a Spot instance of a type in an hour.</param>
internal sealed record AllocationRequest(IReadOnlyList<string> Names, double WantedVcpus, Func<string, double> HazardOf)
{
    private Dictionary<string, int>? _places;

    /// <summary>Returns the place of a type in the owner's list, by its name or its family; strategies with an order take no bundles.</summary>
    public int PlaceOf(InstanceType type)
    {
        if (_places is null)
        {
            _places = new(StringComparer.Ordinal);
            for (var place = 0; place < Names.Count; place++)
            {
                _places.TryAdd(Names[place], place);
            }
        }

        return Math.Min(_places.GetValueOrDefault(type.Name, Names.Count), _places.GetValueOrDefault(type.Family, Names.Count));
    }
}
