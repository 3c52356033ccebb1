using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>The runnable jobs of one queue in the order in which they are to start, which is what kinds of queues differ in.</summary>
internal abstract class Ordering
{
    protected Ordering(IComparer<Job>? order) => Positions = new(order);

    /// <summary>Capacity that the placed jobs of the queue hold.</summary>
    public Holdings Held { get; } = new();

    /// <summary>Times since when the waiting jobs have their positions.</summary>
    public PositionTimes Positions { get; }

    /// <summary>Shares among which the queue's capacity is divided; null if it is not.</summary>
    public virtual IReadOnlyCollection<Share>? Shares => null;

    /// <summary>Returns true if the passing of time alone can change the order.</summary>
    public virtual bool ChangesWithTime => false;

    /// <summary>Adds a job that has become runnable.</summary>
    public abstract void Add(Job job);

    /// <summary>Removes a job that is no longer runnable.</summary>
    public abstract void Remove(Job job);

    /// <summary>Begins to go through the jobs in order. The ordering must not change meanwhile.</summary>
    public abstract OrderingCursor Begin(DateTimeOffset now);

    /// <summary>Takes in the queue's scheduling policy, which may have changed.</summary>
    public virtual void Follow(SchedulingPolicy? policy)
    {
    }

    /// <summary>Takes in a job of the queue that has changed, whatever its status.</summary>
    /// <param name="before">The job as it was; null if it is new.</param>
    /// <param name="job">The job.</param>
    public virtual void Follow(Job? before, Job job)
    {
    }

    /// <summary>Takes in that a job of the queue is placed, or gives up its place.</summary>
    /// <param name="job">The job.</param>
    /// <param name="sign">1 if it is placed, -1 if not any more.</param>
    public virtual void Hold(Job job, int sign) => Held.Add(job, sign);

    /// <summary>
    /// Returns a note that must be recorded before a job is placed or gives up its place; null if there is nothing to note.
    /// </summary>
    public virtual OrderingNote? NoteBeforeChange(Job job, DateTimeOffset now) => null;

    /// <summary>Returns the notes that are of no use any more.</summary>
    public virtual IReadOnlyList<OrderingNote> ExpiredNotes(DateTimeOffset now) => [];

    /// <summary>Takes in a note.</summary>
    public virtual void Apply(OrderingNote note)
    {
    }

    /// <summary>Takes in that a note was removed.</summary>
    public virtual void Forget(OrderingNote note)
    {
    }
}

/// <summary>A way through the runnable jobs of a queue, as if each taken job were placed.</summary>
internal abstract class OrderingCursor
{
    /// <summary>The job that is to start next; null when none waits.</summary>
    public abstract Job? Head { get; }

    /// <summary>Goes on behind the head.</summary>
    /// <param name="isPlaced">Whether the head is placed; otherwise it leaves the queue without a place.</param>
    public abstract void Take(bool isPlaced);

    /// <summary>Returns true if the order itself lets the head be placed now, provided that an environment has room.</summary>
    /// <param name="maximumMilliVcpus">Maximum of all compute environments that take the queue's jobs.</param>
    public virtual bool Permits(double maximumMilliVcpus) => true;
}
