using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// The ordering of a queue without a scheduling policy: by time of submission; retried jobs go to the front (User Guide, "Best practices",
/// and "Job queue template").
/// </summary>
internal sealed class FirstInFirstOut : WaitingJobs
{
    private readonly SortedSet<Job> _jobs = new(Ordering);

    public static IComparer<Job> Ordering { get; } = Comparer<Job>.Create(static (a, b) =>
    {
        var retried = (b.Attempts.Count > 0).CompareTo(a.Attempts.Count > 0);
        return retried != 0 ? retried : a.Sequence.CompareTo(b.Sequence);
    });

    public override Job? Head(DateTimeOffset now) => _jobs.Min;

    public override void Add(Job job) => _jobs.Add(job);

    public override void Remove(Job job) => _jobs.Remove(job);
}
