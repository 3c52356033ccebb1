using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.ServiceJobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Finds places for runnable jobs (User Guide, "Job queues" and "Compute environments"): queues by priority; within a queue in its order, a
/// head that cannot be placed blocks what is behind it; for a job, the first compute environment of its queue that has room, or its service
/// environment. Costs what it places plus one look at each queue, however many jobs wait.
/// </summary>
internal sealed class SchedulingPass(
    RunnableJobs runnable, CapacityLedger capacity, Environments environments, IReadOnlyDictionary<string, ConsumableResource> consumables, DateTimeOffset now)
{
    private readonly Queue<JobQueue> _queues = new(runnable.Queues.Where(q => q.Status != ResourceStatus.Deleting));

    /// <summary>Of the queue in front; null until it was asked for.</summary>
    private double? _maximum;

    /// <summary>The next placement, once the one before has been carried out; null when nothing more can be placed.</summary>
    public Placement? Next()
    {
        while (_queues.TryPeek(out var queue))
        {
            var jobs = runnable.Of(queue);
            if (jobs.Head(now) is { } job && MayBePlaced(job) && jobs.Permits(job, _maximum ??= MaximumOf(queue)) && Choose(queue, job) is { } environment)
            {
                return new Placement(job, environment);
            }

            _queues.Dequeue();
            _maximum = null;
        }

        return null;
    }

    /// <summary>
    /// A job that needs units of a consumable resource waits at the head of its queue while there are none, so also while the resource does
    /// not exist (User Guide, "Resource-aware scheduling"). A service job may have to wait before it is handed over again.
    /// </summary>
    private bool MayBePlaced(Job job) => HasUnits(job) && !(job.Service?.NotBefore > now);

    private bool HasUnits(Job job) => job.Specification.Units is not { } needed
        || needed.All(units => consumables.TryGetValue(units.Resource, out var resource) && units.Quantity <= resource.Available);

    private double MaximumOf(JobQueue queue) => queue.IsService
        ? (environments.ServiceOf(queue)?.MaximumInstances ?? 0d) * InstanceCount.MilliVcpus
        : environments.ComputeOf(queue).Sum(environment => environment.SharedMilliVcpus);

    private string? Choose(JobQueue queue, Job job) =>
        job.Specification.Service is { } service ? ChooseService(queue, service)?.Arn : ChooseCompute(queue, job)?.Arn;

    private ServiceEnvironment? ChooseService(JobQueue queue, ServiceRequest service) =>
        environments.ServiceOf(queue) is { } environment && environment.HasRoom(service.Instances, type => capacity.InstancesUsed(environment.Arn, type))
            ? environment
            : null;

    private ComputeEnvironment? ChooseCompute(JobQueue queue, Job job)
    {
        var needs = job.Needs;
        foreach (var environment in environments.ComputeOf(queue))
        {
            if (job.IsMultiNode)
            {
                // The first environment that takes such jobs decides, even if one behind it has room.
                if (environment.TakesMultiNodeJobs)
                {
                    return HasRoom(environment, needs) ? environment : null;
                }
            }
            else if (HasRoom(environment, needs))
            {
                return environment;
            }
        }

        return null;
    }

    private bool HasRoom(ComputeEnvironment environment, ResourceAmounts needs) =>
        capacity.Used(environment.Arn).MilliVcpus + needs.MilliVcpus <= environment.MaximumMilliVcpus;
}

/// <summary>A job and where its next attempt is to run.</summary>
internal readonly record struct Placement(Job Job, string EnvironmentArn);
