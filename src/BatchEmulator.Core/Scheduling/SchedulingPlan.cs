using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>Decisions of a scheduling pass.</summary>
/// <param name="Decisions">To be carried out in this order.</param>
/// <param name="Heads">The head of each queue when nothing more can be placed; empty if the plan is not complete.</param>
/// <param name="IsComplete">Whether everything that can be placed is; otherwise another pass is due.</param>
internal sealed record SchedulingPlan(IReadOnlyList<Decision> Decisions, IReadOnlyList<QueueHead> Heads, bool IsComplete);

/// <summary>A decision about a job.</summary>
internal abstract record Decision(Job Job);

/// <summary>The job's next attempt is to run in an environment.</summary>
internal sealed record Place(Job Job, string EnvironmentArn) : Decision(Job);

/// <summary>The job cannot be dispatched although there is a place for it.</summary>
internal sealed record Reject(Job Job, string Reason) : Decision(Job);

/// <summary>The job at the head of a queue that is not placed.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Job">The job; null if none waits.</param>
/// <param name="Refusals">Every reason: those of the job first, then that of each environment in the queue's order.</param>
internal sealed record QueueHead(JobQueue Queue, Job? Job, IReadOnlyList<Refusal> Refusals);
