using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Storage;

/// <summary>The table of resource kinds.</summary>
public static class ResourceKinds
{
    /// <summary>One row for each kind, in the order in which stored resources are loaded: a kind after those that it refers to.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        SchedulingPolicy.Row,
        ComputeEnvironment.Row,
        Instance.Row,
        ServiceEnvironment.Row,
        ConsumableResource.Row,
        JobQueue.Row,
        QuotaShare.Row,
    ];

    /// <returns>The kind with a number; null if a newer version has stored it.</returns>
    public static ResourceKind? Find(int number) => All.FirstOrDefault(kind => kind.Number == number);

    /// <summary>Sorts stored resources into the order in which they are loaded.</summary>
    public static IEnumerable<Resource> InLoadOrder(IEnumerable<Resource> resources) =>
        resources.OrderBy(resource => IndexOf(resource.Kind)).ThenBy(resource => resource.Sequence);

    private static int IndexOf(ResourceKind kind) => All.TakeWhile(other => other != kind).Count();
}
