using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>
/// The ordering of a queue without a scheduling policy: by time of submission; retried jobs first (User Guide, "Best practices", and "Job
/// queue template").
/// </summary>
internal sealed class FirstInFirstOut : Ordering
{
    private readonly SortedSet<Job> _jobs = new(Order);

    public FirstInFirstOut()
        : base(Order)
    {
    }

    public static IComparer<Job> Order { get; } = Comparer<Job>.Create(static (a, b) =>
    {
        var retried = (b.Attempts.Count > 0).CompareTo(a.Attempts.Count > 0);
        return retried != 0 ? retried : a.Sequence.CompareTo(b.Sequence);
    });

    public override void Add(Job job) => _jobs.Add(job);

    public override void Remove(Job job) => _jobs.Remove(job);

    public override OrderingCursor Begin(DateTimeOffset now) => new SequenceCursor(_jobs);
}
