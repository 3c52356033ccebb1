using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>What a job, a child or a node runs: exactly one of the three, or none of a service job.</summary>
/// <param name="Container">The container of a single-container job.</param>
/// <param name="Task">The task of a multi-container job.</param>
/// <param name="Pod">The pod of an EKS job.</param>
public readonly record struct Workload(Wire.ContainerProperties? Container, Wire.EcsTaskProperties? Task, Wire.EksPodProperties? Pod)
{
    /// <summary>What runs at the same time, summed up.</summary>
    public ResourceAmounts Needs
    {
        get
        {
            var task = Task;
            return Container is { } container ? ContainerResourceRules.AmountsOf(container)
                : task is not null ? Sum(task.Containers!.Select(c => ContainerResourceRules.AmountsOf(TaskContainers.AsContainer(task, c))))
                : Pod is { } pod ? Sum(pod.Containers!.Select(EksResourceRules.AmountsOf))
                : default;
        }
    }

    /// <summary>What a node runs.</summary>
    public static Workload Of(Wire.NodeRangeProperty range) => new(range.Container, range.EcsProperties?.TaskProperties?[0], range.EksProperties?.PodProperties);

    private static ResourceAmounts Sum(IEnumerable<ResourceAmounts> amounts) => amounts.Aggregate((a, b) => a + b);
}
