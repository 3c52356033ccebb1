using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Chooses the jobs that are preempted for another one. AWS Batch considers borrowed instances, priorities and durations and does not
/// document more (User Guide, "Preemption"); here:
/// <list type="number">
/// <item>To reclaim lent capacity, only jobs of shares beyond their limits; within a share, only jobs of lower priority.</item>
/// <item>The lowest priority first; of equal priority, the one that was placed last.</item>
/// <item>As many as the waiting job needs; those that turn out to be superfluous are spared. If all together are not enough, none.</item>
/// </list>
/// </summary>
internal static class Victims
{
    private static readonly IComparer<(QuotaLine Line, Job Job)> Order = Comparer<(QuotaLine Line, Job Job)>.Create(static (a, b) =>
        a.Job.SchedulingPriority != b.Job.SchedulingPriority
            ? a.Job.SchedulingPriority.CompareTo(b.Job.SchedulingPriority)
            : b.Job.Current!.Placement.CompareTo(a.Job.Current!.Placement));

    /// <summary>Returns true if a placed job gives up its capacity anyway.</summary>
    public static bool IsEnding(Job job) => job.StopReason is not null || job.IsBeingPreempted;

    /// <summary>Chooses jobs that have borrowed what a job within the limits of its share needs.</summary>
    /// <param name="capacity">Capacity without the jobs that end anyway.</param>
    /// <param name="placed">Jobs that can be preempted.</param>
    /// <param name="line">Share of the waiting job.</param>
    /// <param name="job">The waiting job.</param>
    /// <returns>None if they are not enough.</returns>
    public static IReadOnlyList<(QuotaLine Line, Job Job)> ToReclaim(
        QuotaCapacity capacity, IEnumerable<(QuotaLine Line, Job Job)> placed, QuotaLine line, Job job) => Choose(
            capacity, placed, trial => trial.HasOwn(line, job), (trial, victim) => trial.Borrows(victim.Line, victim.Job, line, job));

    /// <summary>Chooses jobs of lower priority in the share of a job.</summary>
    /// <inheritdoc cref="ToReclaim"/>
    public static IReadOnlyList<(QuotaLine Line, Job Job)> InShare(
        QuotaCapacity capacity, IEnumerable<(QuotaLine Line, Job Job)> placed, QuotaLine line, Job job) => Choose(
            capacity,
            placed.Where(other => other.Line == line && other.Job.SchedulingPriority < job.SchedulingPriority),
            trial => trial.HasOwnOrIdle(line, job),
            static (_, _) => true);

    private static IReadOnlyList<(QuotaLine Line, Job Job)> Choose(
        QuotaCapacity capacity,
        IEnumerable<(QuotaLine Line, Job Job)> candidates,
        Func<QuotaCapacity, bool> isEnough,
        Func<QuotaCapacity, (QuotaLine Line, Job Job), bool> helps)
    {
        var trial = capacity.Copy();
        var chosen = new List<(QuotaLine Line, Job Job)>();
        foreach (var candidate in candidates.Order(Order))
        {
            if (isEnough(trial))
            {
                break;
            }

            if (helps(trial, candidate))
            {
                trial.Release(candidate.Line, candidate.Job);
                chosen.Add(candidate);
            }
        }

        if (!isEnough(trial))
        {
            return [];
        }

        return Needed(trial, chosen, isEnough);
    }

    private static IReadOnlyList<(QuotaLine Line, Job Job)> Needed(
        QuotaCapacity trial, List<(QuotaLine Line, Job Job)> chosen, Func<QuotaCapacity, bool> isEnough)
    {
        var needed = new List<(QuotaLine Line, Job Job)>();
        foreach (var victim in chosen)
        {
            trial.Take(victim.Line, victim.Job);
            if (!isEnough(trial))
            {
                trial.Release(victim.Line, victim.Job);
                needed.Add(victim);
            }
        }

        return needed;
    }
}
