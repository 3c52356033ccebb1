using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Preempts service jobs (User Guide, "Preemption"): the attempt is stopped and, once it has ended, the job is RUNNABLE again without having
/// lost an attempt, or FAILED if it was preempted more often than it may be tried again.
/// </summary>
internal static class Preemption
{
    /// <summary>Asks the attempt of a job to stop.</summary>
    public static void Begin(Turn turn, Preempt decision)
    {
        var job = decision.Job;
        var preemptions = job.Service!.Preemptions ?? new ServiceJobPreemptions();
        turn.Record(job with { Service = job.Service with { Preemptions = preemptions with { UnderWay = decision.Reason } } });
        turn.Request(new StopAttempt(job.CurrentKey!.Value));
        if (turn.State.Jobs[decision.For.Id] is { Service.HasPreempted: false } waiting)
        {
            turn.Record(waiting with { Service = waiting.Service with { HasPreempted = true } });
        }
    }

    /// <summary>Takes in that the attempt of a preempted job has ended, however it did.</summary>
    public static void Complete(Turn turn, Job job)
    {
        var before = job.Service!.Preemptions!;
        var after = before.Completed(new PreemptedAttempt
        {
            TaskArn = job.Current!.TaskArn,
            StartedAt = job.Current.StartedAt,
            StoppedAt = turn.Now,
            StatusReason = before.UnderWay!,
        });
        var stopped = job with { Current = null, Service = job.Service with { Preemptions = after } };
        turn.Record(after.Count > job.Specification.Service!.PreemptionRetries
            ? stopped.To(JobStatus.Failed) with { StatusReason = before.UnderWay, StoppedAt = turn.Now }
            : stopped.To(JobStatus.Runnable));
    }
}
