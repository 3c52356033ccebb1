using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Reasons of the jobs at the heads of queues that cannot be placed anywhere, for which they may be cancelled after a while (User Guide,
/// "Jobs stuck in a RUNNABLE status" and "Job queue template").
/// </summary>
internal static class HeadReasons
{
    /// <summary>Updates the reasons of the heads of all queues from the scheduling pass.</summary>
    public static void Show(Turn turn, IReadOnlyList<QueueHead> heads)
    {
        foreach (var found in heads)
        {
            // The pass may have placed jobs or preempted others for the head since it was read.
            var head = found.Job is { } planned ? turn.State.Jobs.GetValueOrDefault(planned.Id) : null;
            if (turn.State.Blocked.ByLine.TryGetValue(found.LineArn, out var before) && before.Id != head?.Id)
            {
                turn.Record(before with { StatusReason = null, BlockedSince = null });
            }

            var reason = BlockedReason.Of(found);
            if (head is not null && head.StatusReason != reason)
            {
                turn.Record(head with { StatusReason = reason, BlockedSince = reason is null ? null : Since(head, reason, turn.Now) });
                if (reason is not null)
                {
                    turn.Request(new LogJobWarning(head.Arn, StuckAdvice.Of(found, reason)));
                }
            }
        }
    }

    /// <summary>Ends a job that has been blocked for the time of an action of its queue.</summary>
    public static void TimedOut(Turn turn, string jobId)
    {
        if (!turn.State.Jobs.TryGetValue(jobId, out var job) || job.BlockedSince is not { } since)
        {
            return;
        }

        var action = turn.State.Of<JobQueue>()[job.Specification.JobQueueArn].JobStateTimeLimitActions
            .FirstOrDefault(a => BlockedReason.IsNamedBy(job.StatusReason, a) && since.AddSeconds(a.MaxTimeSeconds!.Value) <= turn.Now);
        if (action is not null)
        {
            JobEnding.Fail(
                turn,
                job,
                job.IsService ? StatusReasons.TerminatedByTimeLimit(action.Reason!) : StatusReasons.CanceledByTimeLimit(action.Reason!));
        }
    }

    /// <summary>
    /// The time for which a service had no capacity counts from the first time that the job was handed over (User Guide, "Jobs stuck in
    /// RUNNABLE due to capacity").
    /// </summary>
    private static DateTimeOffset Since(Job head, string reason, DateTimeOffset now) =>
        reason == BlockedReason.NoCapacity ? head.Service!.NoCapacitySince!.Value : now;
}
