using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// The job at the head of a queue shows why it can be placed nowhere, and may be cancelled for it after a while (User Guide, "Jobs stuck in a
/// RUNNABLE status" and "Job queue template").
/// </summary>
internal static class Blocking
{
    /// <summary>Looks at the heads of all queues, once nothing more can be placed.</summary>
    public static void Tell(Turn turn)
    {
        var state = turn.State;
        foreach (var queue in state.Runnable.Queues)
        {
            var head = state.Runnable.Of(queue).Head(turn.Now);
            if (state.Blocked.GetValueOrDefault(queue.Arn) is { } before && before != head?.Id)
            {
                turn.Record(state.Jobs[before] with { StatusReason = null, BlockedSince = null });
            }

            var reason = head is null ? null : BlockedReason.Of(queue, head, state.Environments);
            if (head is not null && head.StatusReason != reason)
            {
                turn.Record(head with { StatusReason = reason, BlockedSince = reason is null ? null : Since(head, reason, turn.Now) });
            }
        }
    }

    /// <summary>A job has been blocked for as long as an action of its queue lets it.</summary>
    public static void TimedOut(Turn turn, string jobId)
    {
        if (!turn.State.Jobs.TryGetValue(jobId, out var job) || job.BlockedSince is not { } since)
        {
            return;
        }

        var action = turn.State.JobQueues[job.Specification.JobQueueArn].JobStateTimeLimitActions
            .FirstOrDefault(a => BlockedReason.IsNamedBy(job.StatusReason, a) && since.AddSeconds(a.MaxTimeSeconds!.Value) <= turn.Now);
        if (action is not null)
        {
            JobEnding.Fail(turn, job, job.IsService ? StatusReasons.TerminatedByTimeLimit(action.Reason!) : StatusReasons.CanceledByTimeLimit(action.Reason!));
        }
    }

    /// <summary>The time for which a service had no capacity counts from when the job was first handed over (User Guide, "Jobs stuck in RUNNABLE due to capacity").</summary>
    private static DateTimeOffset Since(Job head, string reason, DateTimeOffset now) =>
        reason == BlockedReason.NoCapacity ? head.Service!.NoCapacitySince!.Value : now;
}
