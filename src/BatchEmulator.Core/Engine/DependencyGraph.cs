using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Who waits for whom. A job knows how many things it waits for; what it waits for knows who waits. Children of an array that depends on
/// another array index by index are found through their parents, so that ten thousand pairs need no list of their own.
/// </summary>
internal sealed class DependencyGraph
{
    private static readonly IReadOnlyList<string> Nobody = [];

    private readonly Dictionary<string, int> _waits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _whole = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byIndex = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ArrayProgress> _arrays = new(StringComparer.Ordinal);

    /// <summary>Arrays that are not finished, by the parent's id.</summary>
    public IReadOnlyDictionary<string, ArrayProgress> Arrays => _arrays;

    /// <summary>How many things a job still waits for.</summary>
    public int Waits(string jobId) => _waits.GetValueOrDefault(jobId);

    /// <summary>Jobs that wait for the whole of a job.</summary>
    public IReadOnlyList<string> DependentsOf(string jobId) => _whole.GetValueOrDefault(jobId) ?? Nobody;

    /// <summary>Arrays whose children wait for the children of an array, index by index.</summary>
    public IReadOnlyList<string> ArraysPairedWith(string arrayId) => _byIndex.GetValueOrDefault(arrayId) ?? Nobody;

    /// <summary>A job that is no node is new or has another status. What it waits for follows from what is unfinished now, so that a reload gives the same.</summary>
    public void Follow(Job? before, Job job, Func<string, bool> isUnfinished)
    {
        if (job.ParentId is { } parent)
        {
            if (before is null && !job.Status.IsFinished())
            {
                SetWaits(job.Id, job.Status <= JobStatus.Pending ? CountWaits(job) : 0);
            }

            if (_arrays.TryGetValue(parent, out var progress))
            {
                progress.Set(job.Index!.Value, job.Status);
            }
        }
        else if (job.Status.IsFinished())
        {
            _arrays.Remove(job.Id);
        }
        else if (before is null)
        {
            if (job.Specification.ArraySize is { } size)
            {
                _arrays[job.Id] = new ArrayProgress(size);
            }

            Add(job, isUnfinished);
        }
    }

    /// <summary>A child waits for its parent's dependencies, for its pairs in other arrays, and in a sequential array for the child before it.</summary>
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

    /// <summary>Takes in a job that is not an array's child, with what of its dependencies is not finished.</summary>
    private void Add(Job job, Func<string, bool> isUnfinished)
    {
        foreach (var dependency in job.Specification.DependsOn)
        {
            if (dependency.JobId is not { Length: > 0 } id || !isUnfinished(id))
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

    /// <summary>One of the things that a job waits for is there.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Satisfy(string jobId)
    {
        var count = Waits(jobId) - 1;
        if (count >= 0)
        {
            SetWaits(jobId, count);
        }

        return count == 0;
    }

    /// <summary>Forgets a job that is finished, once everybody who waited for it has been told.</summary>
    public void Remove(string jobId)
    {
        _waits.Remove(jobId);
        _whole.Remove(jobId);
        _byIndex.Remove(jobId);
    }

    public void Clear()
    {
        _waits.Clear();
        _whole.Clear();
        _byIndex.Clear();
        _arrays.Clear();
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
