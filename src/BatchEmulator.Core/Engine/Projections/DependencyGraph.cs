using BatchEmulator.Core.Engine.Tables;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>
/// Dependencies between unfinished jobs. A job has the number of its unfinished dependencies, and these have the list of their dependents.
/// Children of an array that depends on another array index by index are found through their parents, so that ten thousand pairs need no
/// lists.
/// </summary>
internal sealed class DependencyGraph(JobTable jobs) : IProjection
{
    private static readonly IReadOnlyList<string> Nobody = [];

    private readonly Dictionary<string, int> _waits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ArrayProgress> _arrays = new(StringComparer.Ordinal);

    /// <summary>Unfinished arrays, by the parent's id.</summary>
    public IReadOnlyDictionary<string, ArrayProgress> Arrays => _arrays;

    /// <summary>Returns the number of unfinished dependencies of a job.</summary>
    public int Waits(string jobId) => _waits.GetValueOrDefault(jobId);

    /// <summary>Returns the jobs that wait for the whole of a job.</summary>
    public IReadOnlyList<string> DependentsOf(string jobId) => _whole.GetValueOrDefault(jobId) ?? Nobody;

    /// <summary>Returns the arrays whose children wait for the children of an array, index by index.</summary>
    public IReadOnlyList<string> ArraysPairedWith(string arrayId) => _byIndex.GetValueOrDefault(arrayId) ?? Nobody;

    /// <summary>Follows a job. Its dependencies are those that are unfinished when it is added, so that a reload gives the same.</summary>
    public void Follow(Job? before, Job job)
    {
        if (job.IsNode)
        {
            return;
        }

        if (job.IsArrayChild)
        {
            FollowChild(before, job);
        }
        else if (before is null && !job.Status.IsFinished())
        {
            Add(job);
        }

        if (job.Status.IsFinished())
        {
            Finish(before, job);
        }
    }

    public void Clear()
    {
        _waits.Clear();
        _whole.Clear();
        _byIndex.Clear();
        _arrays.Clear();
    }

    private void FollowChild(Job? before, Job child)
    {
        if (before is null && !child.Status.IsFinished())
        {
            SetWaits(child.Id, child.Status <= JobStatus.Pending ? CountWaits(child) : 0);
        }

        if (_arrays.TryGetValue(child.ParentId!, out var progress))
        {
            progress.Set(child.Index!.Value, child.Status);
        }
    }

    /// <summary>
    /// Adds a child, which waits for its parent's dependencies, for its pairs in other arrays, and in a sequential array for the child
    /// before it.
    /// </summary>
    private int CountWaits(Job child)
    {
        var index = child.Index!.Value;
        var waits = Waits(child.ParentId!) > 0 ? 1 : 0;
        if (index > 0 && child.Specification.IsSequential)
        {
            waits += _arrays[child.ParentId!].StatusOf(index - 1) != JobStatus.Succeeded ? 1 : 0;
        }

        foreach (var dependency in child.Specification.DependsOn)
        {
            if (IsPaired(child, dependency) && _arrays.TryGetValue(dependency.JobId!, out var paired))
            {
                waits += paired.StatusOf(index) != JobStatus.Succeeded ? 1 : 0;
            }
        }

        return waits;
    }

    /// <summary>Adds a job that is not an array's child, with its unfinished dependencies.</summary>
    private void Add(Job job)
    {
        if (job.Specification.ArraySize is { } size)
        {
            _arrays[job.Id] = new ArrayProgress(size);
        }

        foreach (var dependency in job.Specification.DependsOn)
        {
            if (dependency.JobId is not { Length: > 0 } id || !jobs.ContainsKey(id))
            {
                continue;
            }

            if (IsPaired(job, dependency))
            {
                AddTo(_byIndex, id, job.Id);
            }
            else
            {
                AddTo(_whole, id, job.Id);
                SetWaits(job.Id, Waits(job.Id) + 1);
            }
        }
    }

    /// <summary>
    /// Removes a finished job. If it succeeded, its dependents have one dependency less; a job that is loaded has none yet.
    /// </summary>
    private void Finish(Job? before, Job job)
    {
        if (before is not null && job.Status == JobStatus.Succeeded)
        {
            foreach (var dependent in DependentsOf(job.Id))
            {
                Satisfy(dependent);
            }

            if (job.IsArrayChild)
            {
                SatisfySiblingAndPairs(job);
            }
        }

        _waits.Remove(job.Id);
        _whole.Remove(job.Id);
        _byIndex.Remove(job.Id);
        if (!job.IsArrayChild)
        {
            _arrays.Remove(job.Id);
        }
    }

    private void SatisfySiblingAndPairs(Job child)
    {
        var index = child.Index!.Value;
        if (child.Specification.IsSequential)
        {
            Satisfy(JobIds.Child(child.ParentId!, index + 1));
        }

        foreach (var array in ArraysPairedWith(child.ParentId!))
        {
            Satisfy(JobIds.Child(array, index));
        }
    }

    /// <summary>Removes one dependency of a job, and of the children of an array that has none left.</summary>
    private void Satisfy(string jobId)
    {
        var count = Waits(jobId);
        if (count == 0)
        {
            return;
        }

        SetWaits(jobId, count - 1);
        if (count == 1 && _arrays.TryGetValue(jobId, out var array))
        {
            for (var index = 0; index < array.Size; index++)
            {
                Satisfy(JobIds.Child(jobId, index));
            }
        }
    }

    /// <summary>Returns true if each child waits for the child with its index; the other job must be unfinished.</summary>
    private bool IsPaired(Job job, Wire.JobDependency dependency) => JobDependencies.IsPaired(
        dependency, job.Specification.ArraySize, _arrays.TryGetValue(dependency.JobId ?? "", out var other) ? other.Size : null);

    private void SetWaits(string jobId, int count)
    {
        if (count == 0)
        {
            _waits.Remove(jobId);
        }
        else
        {
            _waits[jobId] = count;
        }
    }

    private static void AddTo(Dictionary<string, List<string>> lists, string key, string value)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        list.Add(value);
    }
}
