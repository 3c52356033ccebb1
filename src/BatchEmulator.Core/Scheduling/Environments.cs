using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Where jobs can be placed, and what they need besides: compute environments, service environments and consumable resources, by ARN.</summary>
internal sealed record Environments(
    IReadOnlyDictionary<string, ComputeEnvironment> Compute,
    IReadOnlyDictionary<string, ServiceEnvironment> Service,
    IReadOnlyDictionary<string, ConsumableResource> Consumable)
{
    /// <summary>Whether the units that a job needs are there. Of a resource that does not exist there are none.</summary>
    public bool HasUnits(Job job) => job.Specification.Units is not { } needed
        || needed.All(units => Consumable.TryGetValue(units.Resource, out var resource) && units.Quantity <= resource.Available);


    /// <summary>The compute environments of a queue that take jobs, in its order.</summary>
    public IEnumerable<ComputeEnvironment> ComputeOf(JobQueue queue)
    {
        foreach (var entry in queue.ComputeEnvironmentOrder)
        {
            if (Compute.TryGetValue(entry.ComputeEnvironment!, out var environment) && environment.AcceptsJobs)
            {
                yield return environment;
            }
        }
    }

    /// <summary>The service environment of a queue; null if it takes no jobs.</summary>
    public ServiceEnvironment? ServiceOf(JobQueue queue) =>
        Service.TryGetValue(queue.ServiceEnvironmentOrder![0].ServiceEnvironment!, out var environment) && environment.AcceptsJobs ? environment : null;
}
