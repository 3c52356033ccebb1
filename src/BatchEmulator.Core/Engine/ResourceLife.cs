using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine;

/// <summary>Completes the changes of compute environments and job queues that are in progress.</summary>
internal static class ResourceLife
{
    public static void SettleComputeEnvironment(Turn turn, string arn)
    {
        if (turn.State.ComputeEnvironments.TryGetValue(arn, out var environment) && environment.SettlesAt <= turn.Now)
        {
            turn.Record(environment.Status == ResourceStatus.Deleting
                ? new ComputeEnvironmentRemoved(environment)
                : new ComputeEnvironmentSaved(environment.Settled()));
        }
    }

    public static void SettleJobQueue(Turn turn, string arn)
    {
        if (!turn.State.JobQueues.TryGetValue(arn, out var queue) || queue.SettlesAt is null || queue.SettlesAt > turn.Now)
        {
            return;
        }

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
            turn.State.Timers.Add(turn.Now + Settling.Duration, new JobQueueSettles(arn));
        }
    }
}
