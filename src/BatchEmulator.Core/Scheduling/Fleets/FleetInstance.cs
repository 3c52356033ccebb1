using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Scheduling.Fleets;

/// <summary>An instance of a fleet, with what jobs hold of it.</summary>
internal sealed class FleetInstance(Instance instance)
{
    private readonly SortedSet<string> _jobIds = new(StringComparer.Ordinal);

    public Instance Instance { get; set; } = instance;

    public InstanceType Type { get; } = instance.Size;

    /// <summary>Amounts that no job holds.</summary>
    public ResourceAmounts Room { get; private set; } = instance.Size.ForJobs;

    /// <summary>Ids of the jobs that hold something of it: a multi-node parallel job for its nodes.</summary>
    public IReadOnlyCollection<string> JobIds => _jobIds;

    public bool IsEmpty => Room == Type.ForJobs && _jobIds.Count == 0;

    /// <summary>Time since which no job holds anything of it; null while one does, and until that has been noticed.</summary>
    public DateTimeOffset? IdleSince { get; set; }

    /// <summary>Time of the next look at the idle instance; null if none is due. One is enough, however often it becomes idle.</summary>
    public DateTimeOffset? LookAt { get; set; }

    /// <summary>True if a job that cannot be placed yet is going to have it.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>True if a job has held something of it.</summary>
    public bool HasRunJobs { get; private set; }

    /// <summary>Takes or gives back amounts for the time of a trial.</summary>
    public void Take(ResourceAmounts amounts) => Room -= amounts;

    /// <summary>Takes in that a job holds amounts.</summary>
    public void Hold(Job job, ResourceAmounts amounts)
    {
        _jobIds.Add(job.Id);
        Room -= amounts;
        (IdleSince, HasRunJobs) = (null, true);
    }

    /// <summary>Takes in that a job holds amounts no longer.</summary>
    /// <returns>False if it held none.</returns>
    public bool Release(Job job, ResourceAmounts amounts)
    {
        if (!_jobIds.Remove(job.Id))
        {
            return false;
        }

        Room += amounts;
        return true;
    }
}
