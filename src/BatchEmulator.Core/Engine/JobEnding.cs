using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Ends jobs that do not end by themselves.</summary>
internal static class JobEnding
{
    /// <summary>Fails a job that holds no capacity.</summary>
    public static void Fail(Turn turn, Job job, string reason) =>
        turn.Record(job.To(JobStatus.Failed) with { StatusReason = reason, StoppedAt = turn.Now });

    /// <summary>Fails a job that waits; asks the attempt of one that is placed to stop, after which it fails with the same reason.</summary>
    public static void Stop(Turn turn, Job job, string reason)
    {
        if (!job.Status.IsPlaced())
        {
            Fail(turn, job, reason);
        }
        else if (job.StopReason is null)
        {
            turn.Record(job with { StopReason = reason });
            turn.Request(new StopAttempt(job.CurrentKey));
        }
    }

    /// <summary>Stops every job of a queue.</summary>
    public static void StopAllOf(Turn turn, JobQueue queue, string reason)
    {
        var jobs = turn.State.Jobs.Values.Where(j => j.Specification.JobQueueArn == queue.Arn).OrderBy(j => j.Sequence).ToList();
        foreach (var job in jobs)
        {
            Stop(turn, job, reason);
        }
    }
}
