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

        bool IsReady(JobQueue queue) => queue.IsBeingModified && (queue.Status != ResourceStatus.Deleting || turn.State.CountJobs(queue) == 0);
        foreach (var queue in turn.State.JobQueues.Values.Where(IsReady).OrderBy(q => q.Sequence).ToList())
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
        else if (turn.State.CountJobs(queue) == 0)
        {
            turn.Record(new JobQueueRemoved(queue));
        }
        else
        {
            // Running jobs were asked to stop; the queue goes when the last of them has ended.
            turn.State.Timers.Add(turn.Now + Settling.Duration, new JobQueueSettles(queue.Arn));
        }
    }
}
