using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>An active share identifier of a queue: its jobs that wait, what its jobs hold, and what they have used.</summary>
internal sealed class Share(string identifier)
{
    /// <summary>Higher priority first; of one priority retried jobs, then by time of submission (User Guide, "Use share identifiers to identify workloads").</summary>
    private static readonly IComparer<Job> Ordering = Comparer<Job>.Create(static (a, b) =>
    {
        var priority = b.SchedulingPriority.CompareTo(a.SchedulingPriority);
        return priority != 0 ? priority : FirstInFirstOut.Ordering.Compare(a, b);
    });

    public string Identifier { get; } = identifier;

    public SortedSet<Job> Waiting { get; } = new(Ordering);

    /// <summary>Jobs that are not finished, with the parts of each.</summary>
    public int Unfinished { get; set; }

    public long HeldMilliVcpus { get; set; }

    /// <summary>Null until one of its jobs has been placed, and when that has been forgotten.</summary>
    public ShareUsage? Usage { get; set; }

    public double Weight { get; set; }

    /// <summary>What it holds and, weighing as much, what it has used of late.</summary>
    public double Weighted(DateTimeOffset now, TimeSpan decay) =>
        (HeldMilliVcpus + (Usage?.Average(now, HeldMilliVcpus, decay) ?? 0)) * Weight;
}
