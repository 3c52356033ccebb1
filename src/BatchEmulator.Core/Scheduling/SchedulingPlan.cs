using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Decisions of a scheduling pass.</summary>
/// <param name="Launches">Instances to be launched, before the decisions are carried out.</param>
/// <param name="Decisions">Decisions, in the order of execution.</param>
/// <param name="Heads">The head of each queue when no more jobs can be placed; empty if the plan is not complete.</param>
/// <param name="Awaited">Instances that waiting jobs are going to have, once others have appeared.</param>
/// <param name="IsComplete">True if all jobs that can be placed are; otherwise another pass is due.</param>
internal sealed record SchedulingPlan(
    IReadOnlyList<Instance> Launches,
    IReadOnlyList<Decision> Decisions,
    IReadOnlyList<QueueHead> Heads,
    IReadOnlyList<Instance> Awaited,
    bool IsComplete);

/// <summary>A decision about a job.</summary>
internal abstract record Decision(Job Job);

/// <summary>The job's next attempt is to run in an environment.</summary>
/// <param name="Job">The job.</param>
/// <param name="EnvironmentArn">ARN of the environment.</param>
/// <param name="Instances">ARN of the instance, or of that of each node by index; empty if the environment has no instances.</param>
internal sealed record Place(Job Job, string EnvironmentArn, IReadOnlyList<string> Instances) : Decision(Job);

/// <summary>The job cannot be dispatched although there is a place for it.</summary>
internal sealed record Reject(Job Job, string Reason) : Decision(Job);

/// <summary>The attempt of a placed job is to be stopped to make room for another job.</summary>
/// <param name="Job">The placed job.</param>
/// <param name="Reason">Reason of the preemption.</param>
/// <param name="For">The job that waits for its capacity.</param>
internal sealed record Preempt(Job Job, string Reason, Job For) : Decision(Job);

/// <summary>The job at the head of a queue, or of one of its quota shares, that is not placed.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Job">The job; null if none waits.</param>
/// <param name="OfJob">Reasons that are the job's own.</param>
/// <param name="OfEnvironments">Reason of each environment that was asked, in the queue's order.</param>
internal sealed record QueueHead(JobQueue Queue, Job? Job, IReadOnlyList<Refusal> OfJob, IReadOnlyList<EnvironmentRefusal> OfEnvironments)
{
    /// <summary>ARN of the line that the job is the head of, if it is a quota share.</summary>
    public string? QuotaShareArn { get; init; }

    /// <summary>ARN of the line: a quota share or a queue.</summary>
    public string LineArn => QuotaShareArn ?? Queue.Arn;

    /// <summary>All reasons: those of the job first.</summary>
    public IEnumerable<Refusal> Refusals => OfJob.Concat(OfEnvironments.Select(refusal => refusal.Reason));
}

/// <summary>Refusal of an environment.</summary>
/// <param name="EnvironmentArn">ARN of the environment, which may not exist any more.</param>
/// <param name="Reason">The reason.</param>
/// <param name="InstanceType">Instance type that the reason is about; null for none.</param>
/// <param name="At">Time at which the reason passes; null if it is not known.</param>
internal sealed record EnvironmentRefusal(string EnvironmentArn, Refusal Reason, string? InstanceType = null, DateTimeOffset? At = null);
