using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Places for jobs: compute environments and service environments, by ARN.</summary>
internal sealed record Environments(
    IReadOnlyDictionary<string, ComputeEnvironment> Compute, IReadOnlyDictionary<string, ServiceEnvironment> Service)
{
    /// <summary>Returns the compute environments of a queue that accept jobs, in its order.</summary>
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

    /// <summary>Returns the service environment of a queue; null if it accepts no jobs.</summary>
    public ServiceEnvironment? ServiceOf(JobQueue queue) =>
        Service.TryGetValue(queue.ServiceEnvironmentOrder![0].ServiceEnvironment!, out var environment) && environment.AcceptsJobs
            ? environment
            : null;
}
