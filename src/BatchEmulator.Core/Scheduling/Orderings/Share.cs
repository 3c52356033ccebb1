using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>An active share identifier of a queue: its waiting jobs, the holding of its placed jobs, and its recent usage.</summary>
internal sealed class Share(string identifier)
{
    /// <summary>
    /// Orders jobs: higher priority first; with equal priority retried jobs, then by time of submission (User Guide, "Use share identifiers
    /// to identify workloads").
    /// </summary>
    public static IComparer<Job> Order { get; } = Comparer<Job>.Create(static (a, b) =>
    {
        var priority = b.SchedulingPriority.CompareTo(a.SchedulingPriority);
        return priority != 0 ? priority : FirstInFirstOut.Order.Compare(a, b);
    });

    public string Identifier { get; } = identifier;

    public SortedSet<Job> Waiting { get; } = new(Order);

    /// <summary>Number of unfinished jobs, with the parts of each.</summary>
    public int Unfinished { get; set; }

    /// <summary>Capacity that its placed jobs hold.</summary>
    public Holdings Held { get; } = new();

    /// <summary>Recent usage; null until one of its jobs has been placed, and after it has been forgotten.</summary>
    public ShareUsage? Usage { get; set; }

    public double Weight { get; set; }

    /// <summary>
    /// Weight of the recent holding beside the present one. AWS documents neither: the present one decides between shares that begin at the
    /// same time, and the recent one, if it weighs more, brings the shares to their weights in the long run.
    /// </summary>
    private const double RecentWeight = 4;

    /// <summary>Returns the weighted usage: its present holding and, with a higher weight, its recent one.</summary>
    /// <param name="now">The time.</param>
    /// <param name="decay">Decay time of the policy.</param>
    /// <param name="addedMilliVcpus">Further holding, in addition to the present one.</param>
    public double Weighted(DateTimeOffset now, TimeSpan decay, long addedMilliVcpus) =>
        (Held.MilliVcpus + addedMilliVcpus + (RecentWeight * (Usage?.Average(now, Held.MilliVcpus, decay) ?? 0))) * Weight;
}
