using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>A quota share as a line of its queue: its waiting jobs, and its placed ones.</summary>
internal sealed class QuotaLine(string name)
{
    private readonly Dictionary<string, Job> _placed = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>The share; null only while its jobs are loaded without it.</summary>
    public QuotaShare? Share { get; set; }

    /// <summary>Waiting jobs: those of higher priority first, then by time of submission.</summary>
    public SortedSet<Job> Waiting { get; } = new(Orderings.Share.Order);

    /// <summary>Jobs that hold capacity.</summary>
    public IReadOnlyCollection<Job> Placed => _placed.Values;

    /// <summary>Capacity that its placed jobs hold.</summary>
    public Holdings Held { get; } = new();

    /// <summary>Times since when the waiting jobs have their positions.</summary>
    public PositionTimes Positions { get; } = new(Orderings.Share.Order);

    /// <summary>Number of unfinished jobs.</summary>
    public int Unfinished { get; private set; }

    /// <summary>Returns the number of instances of a type that its jobs hold.</summary>
    public long HeldOf(string instanceType) => Held.Instances.GetValueOrDefault(instanceType);

    public void Follow(Job? before, Job job)
    {
        Unfinished += CountOf(job) - CountOf(before);
        if (job.Status.IsPlaced())
        {
            _placed[job.Id] = job;
        }
        else
        {
            _placed.Remove(job.Id);
        }
    }

    private static int CountOf(Job? job) => job?.Status.IsFinished() == false ? 1 : 0;
}
