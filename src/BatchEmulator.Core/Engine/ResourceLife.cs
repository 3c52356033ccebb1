using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Engine;

/// <summary>Completes the changes of environments and job queues that are in progress.</summary>
internal static class ResourceLife
{
    public static void SettleComputeEnvironment(Turn turn, string arn)
    {
        if (turn.State.ComputeEnvironments.TryGetValue(arn, out var environment) && environment.SettlesAt <= turn.Now)
        {
            Settle(turn, environment);
        }
    }

    public static void SettleJobQueue(Turn turn, string arn)
    {
        if (turn.State.JobQueues.TryGetValue(arn, out var queue) && queue.SettlesAt <= turn.Now)
        {
            Settle(turn, queue);
        }
    }

    public static void SettleServiceEnvironment(Turn turn, string arn)
    {
        if (turn.State.ServiceEnvironments.TryGetValue(arn, out var environment) && environment.SettlesAt <= turn.Now)
        {
            Settle(turn, environment);
        }
    }

    /// <summary>Completes every change in progress, whenever it would be due.</summary>
    public static void SettleAll(Turn turn)
    {
        foreach (var environment in turn.State.ComputeEnvironments.Values.Where(e => e.IsBeingModified).OrderBy(e => e.Sequence).ToList())
        {
            Settle(turn, environment);
        }

        foreach (var environment in turn.State.ServiceEnvironments.Values.Where(e => e.IsBeingModified).OrderBy(e => e.Sequence).ToList())
        {
            Settle(turn, environment);
        }

        foreach (var queue in turn.State.JobQueues.Values.Where(q => q.IsBeingModified).OrderBy(q => q.Sequence).ToList())
        {
            Settle(turn, queue);
        }
    }

    private static void Settle(Turn turn, ComputeEnvironment environment) => turn.Record(environment.Status == ResourceStatus.Deleting
        ? new ComputeEnvironmentRemoved(environment)
        : new ComputeEnvironmentSaved(environment.Settled()));

    private static void Settle(Turn turn, ServiceEnvironment environment) => turn.Record(environment.Status == ResourceStatus.Deleting
        ? new ServiceEnvironmentRemoved(environment)
        : new ServiceEnvironmentSaved(environment.Settled()));

    private static void Settle(Turn turn, JobQueue queue)
    {
        if (queue.Status != ResourceStatus.Deleting)
        {
            turn.Record(new JobQueueSaved(queue.Settled()));
        }
    }

    /// <summary>Removes the queues being deleted whose last job has ended, once their time has come.</summary>
    public static void RemoveEmptyQueues(Turn turn, bool isTimeHeld)
    {
        foreach (var queue in turn.State.QueuesBeingDeleted.Select(arn => turn.State.JobQueues[arn]).ToList())
        {
            if (turn.State.CountJobs(queue) == 0 && (isTimeHeld || queue.SettlesAt <= turn.Now))
            {
                turn.Record(new JobQueueRemoved(queue));
            }
        }
    }
}
