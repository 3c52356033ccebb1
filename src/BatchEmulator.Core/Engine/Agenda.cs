using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine.Projections;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Work that the state asks the engine to do next: timers, and a flag if something happened that could let a job be placed. It follows the
/// state; the engine removes completed work.
/// </summary>
internal sealed class Agenda(IReadOnlyDictionary<string, JobQueue> queues, BlockedHeads blocked) : IProjection
{
    public TimerQueue Timers { get; } = new();

    /// <summary>Returns true if something happened since the last scheduling pass that could let a job be placed.</summary>
    public bool NeedsScheduling { get; private set; }

    /// <summary>Time of the next <see cref="Housekeeping"/>. It is no timer: nothing else depends on its exact time.</summary>
    public DateTimeOffset HousekeepingAt { get; private set; }

    public void RequestScheduling() => NeedsScheduling = true;

    /// <summary>
    /// Heads of all lines as the latest scheduling pass left them, by the ARN of the line: a quota share or a queue.
    /// </summary>
    public IReadOnlyDictionary<string, QueueHead> Heads { get; private set; } = new Dictionary<string, QueueHead>(StringComparer.Ordinal);

    public void SchedulingDone(IReadOnlyList<QueueHead> heads)
    {
        NeedsScheduling = false;
        Heads = heads.ToDictionary(head => head.LineArn, StringComparer.Ordinal);
    }

    public void HousekeepingDone(DateTimeOffset next) => HousekeepingAt = next;

    public void Follow(Resource? before, Resource? resource)
    {
        NeedsScheduling |= LetsJobsBePlaced(before, resource);
        if (resource?.SettlesAt is { } at)
        {
            Timers.Add(at, new ResourceSettles(resource.Arn));
        }

        if (resource is Instance { DueAt: { } dueAt })
        {
            Timers.Add(dueAt, new InstanceIsDue(resource.Arn));
        }

        if (resource is JobQueue queue)
        {
            foreach (var head in blocked.ByLine.Values.Where(head => head.Specification.JobQueueArn == queue.Arn))
            {
                AddBlockedTimes(head);
            }
        }
    }

    public void Follow(Job? before, Job job)
    {
        NeedsScheduling |= LetsOthersBePlaced(before, job);
        if (job.IsNode)
        {
            return;
        }

        if (job.Status == JobStatus.Runnable && before?.Status != JobStatus.Runnable && job.Service?.NotBefore is { } at)
        {
            Timers.Add(at, new JobMayBePlaced());
        }

        if (job.BlockedSince is not null)
        {
            AddBlockedTimes(job);
        }

        if (job.Status == JobStatus.Running
            && before?.Status != JobStatus.Running
            && job.Specification.Timeout?.AttemptDurationSeconds is { } seconds)
        {
            Timers.Add(job.Current!.StartedAt!.Value.AddSeconds(seconds), new AttemptTimesOut(job.Id, job.Current.Number));
        }

        if (job.Current?.InterruptedAt is { } interruptedAt && before?.Current?.InterruptedAt != interruptedAt)
        {
            Timers.Add(interruptedAt, new TaskIsInterrupted(job.Id, job.Current.Number));
        }
    }

    public void Clear()
    {
        Timers.Clear();
        Heads = new Dictionary<string, QueueHead>(StringComparer.Ordinal);
        HousekeepingAt = DateTimeOffset.MinValue;
    }

    /// <summary>
    /// Returns true if a change of a resource lets jobs be placed. An instance that is gone makes room for another one; the vCPUs that an
    /// environment shows only follow its instances.
    /// </summary>
    private static bool LetsJobsBePlaced(Resource? before, Resource? resource) => (before, resource) switch
    {
        (Instance, null) => true,
        (_, null) => false,
        (ComputeEnvironment old, ComputeEnvironment environment) => !old.DiffersInDesiredOnly(environment),
        _ => true,
    };

    /// <summary>
    /// Returns true if a change lets jobs be placed: a job that becomes runnable may be placed itself; one that leaves its queue unplaced
    /// may have blocked those behind it; one that gives up its place makes room.
    /// </summary>
    private static bool LetsOthersBePlaced(Job? before, Job job)
    {
        var isRunnable = !job.IsNode && job.Status == JobStatus.Runnable;
        var wasRunnable = !job.IsNode && before?.Status == JobStatus.Runnable;
        return (isRunnable && (!wasRunnable || before!.SchedulingPriority != job.SchedulingPriority))
            || (wasRunnable && job.Status.IsFinished())
            || (before?.Status.IsPlaced() == true && !job.Status.IsPlaced())
            || (before is not null && job.Specification.QuotaShareName is not null && ChangesVictims(before, job));
    }

    /// <summary>Returns true if a job in a quota share can be preempted by others than before, or makes room anyway.</summary>
    private static bool ChangesVictims(Job before, Job job) =>
        before.SchedulingPriority != job.SchedulingPriority || (before.StopReason is null) != (job.StopReason is null);

    private void AddBlockedTimes(Job job)
    {
        foreach (var action in queues[job.Specification.JobQueueArn].JobStateTimeLimitActions
            .Where(a => BlockedReason.IsNamedBy(job.StatusReason, a)))
        {
            Timers.Add(job.BlockedSince!.Value.AddSeconds(action.MaxTimeSeconds!.Value), new JobBlockedTooLong(job.Id));
        }
    }
}
