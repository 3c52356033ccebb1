using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Fleets;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Scheduling;

/// <summary>State from which a scheduling pass decides.</summary>
internal sealed record SchedulingSnapshot
{
    /// <summary>Queues in the order in which they are served.</summary>
    public required IReadOnlyCollection<JobQueue> Queues { get; init; }

    /// <summary>Runnable jobs of a queue, by its ARN.</summary>
    public required Func<string, Ordering> OrderingOf { get; init; }

    public required Environments Environments { get; init; }

    /// <summary>Amounts that jobs hold of an environment, by its ARN.</summary>
    public required Func<string, ResourceAmounts> Used { get; init; }

    /// <summary>Number of instances that jobs hold of a service environment, by its ARN: of one type, or of all for null.</summary>
    public required Func<string, string?, long> InstancesUsed { get; init; }

    /// <summary>Consumable resources by ARN.</summary>
    public required IReadOnlyDictionary<string, ConsumableResource> ConsumableResources { get; init; }

    /// <summary>True if instances decide when and where jobs start; false if room within maxvCpus is enough.</summary>
    public bool HasInstances { get; init; } = true;

    /// <summary>Instances of an environment, by its ARN.</summary>
    public required Func<string, Fleet> FleetOf { get; init; }

    public required Market Market { get; init; }

    /// <summary>Time until a launched instance can run jobs.</summary>
    public required TimeSpan ScaleUpDelay { get; init; }

    /// <summary>Draws the id of a container instance, 32 hexadecimal digits.</summary>
    public required Func<string> NewInstanceId { get; init; }

    /// <summary>Place of the next instance in the total order of creation.</summary>
    public required long NextSequence { get; init; }

    public required DateTimeOffset Now { get; init; }
}
