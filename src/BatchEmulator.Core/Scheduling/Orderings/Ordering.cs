using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.SchedulingPolicies;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>The runnable jobs of one queue in the order in which they are to start, which depends on the kind of queue.</summary>
internal abstract class Ordering
{
    protected Ordering(IComparer<Job>? order) => Positions = new(order);

    /// <summary>Capacity that the placed jobs of the queue hold.</summary>
    public Holdings Held { get; } = new();

    /// <summary>Capacity that the waiting jobs of the queue want.</summary>
    public Holdings Wanted { get; } = new();

    /// <summary>Times since when the waiting jobs have their positions.</summary>
    protected PositionTimes Positions { get; }

    /// <summary>Shares among which the queue's capacity is divided; null if it is not.</summary>
    public virtual IReadOnlyCollection<Share>? Shares => null;

    /// <summary>Returns the load of each share.</summary>
    public virtual IEnumerable<ShareLoad> Loads(DateTimeOffset now) => [];

    /// <summary>Use of each limit of the quota shares.</summary>
    public virtual IEnumerable<QuotaLoad> QuotaLoads => [];

    /// <summary>Returns true if the passing of time alone can change the order.</summary>
    public virtual bool ChangesWithTime => false;

    /// <summary>Returns the times since when the jobs in line with a job have their positions.</summary>
    public virtual PositionTimes PositionsOf(Job job) => Positions;

    /// <summary>Adds a job that has become runnable.</summary>
    public abstract void Add(Job job);

    /// <summary>Removes a job that is no longer runnable.</summary>
    public abstract void Remove(Job job);

    /// <summary>Creates a cursor over the jobs in order. The ordering must not change meanwhile.</summary>
    public abstract OrderingCursor Begin(DateTimeOffset now);

    /// <summary>Creates a cursor over the jobs that are in line with a job: all of the queue, or of its quota share.</summary>
    public virtual OrderingCursor BeginLineOf(Job job, DateTimeOffset now) => Begin(now);

    /// <summary>Sets the queue's scheduling policy, which may have changed.</summary>
    public virtual void Follow(SchedulingPolicy? policy)
    {
    }

    /// <summary>Processes a change of a quota share of the queue.</summary>
    /// <param name="before">The share as it was; null if it is new.</param>
    /// <param name="share">The share; null if it was removed.</param>
    public virtual void Follow(QuotaShare? before, QuotaShare? share)
    {
    }

    /// <summary>Processes a change of a job of the queue, whatever its status.</summary>
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

    /// <summary>Returns the notes that are no longer needed.</summary>
    public virtual IReadOnlyList<OrderingNote> ExpiredNotes(DateTimeOffset now) => [];

    /// <summary>Processes a note.</summary>
    public virtual void Apply(OrderingNote note)
    {
    }

    /// <summary>Processes the removal of a note.</summary>
    public virtual void Forget(OrderingNote note)
    {
    }
}

/// <summary>Cursor over the runnable jobs of a queue, as if each taken job were placed.</summary>
internal abstract class OrderingCursor
{
    /// <summary>The next job to start; null if none waits.</summary>
    public abstract Job? Head { get; }

    /// <summary>Moves behind the head.</summary>
    /// <param name="isPlaced">True if the head is placed; otherwise it leaves the queue without a place.</param>
    public abstract void Take(bool isPlaced);

    /// <summary>Returns true if the ordering permits placing the head now, provided that an environment has room.</summary>
    /// <param name="maximumMilliVcpus">Maximum of all compute environments that accept the queue's jobs.</param>
    public virtual bool Permits(double maximumMilliVcpus) => true;
}
