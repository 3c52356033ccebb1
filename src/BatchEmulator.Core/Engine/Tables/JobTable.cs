using System.Collections;
using System.Diagnostics.CodeAnalysis;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Tables;

/// <summary>Unfinished jobs by id, and the finished nodes of unfinished multi-node parallel jobs.</summary>
internal sealed class JobTable : IReadOnlyDictionary<string, Job>
{
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    public int Count => _jobs.Count;

    public IEnumerable<string> Keys => _jobs.Keys;

    public IEnumerable<Job> Values => _jobs.Values;

    public Job this[string key] => _jobs[key];

    /// <summary>
    /// Returns the nodes of a multi-node parallel job that exist: the main node since the job was first placed, the others since it first
    /// ran.
    /// </summary>
    public IReadOnlyList<Job> NodesOf(Job job) =>
        [.. Enumerable.Range(0, job.Specification.Parts).Select(i => _jobs.GetValueOrDefault(JobIds.Node(job.Id, i))).OfType<Job>()];

    /// <returns>The job as it was before; null if it is new.</returns>
    public Job? Save(Job job)
    {
        var before = _jobs.GetValueOrDefault(job.Id);
        if (!job.Status.IsFinished() || (job.IsNode && _jobs.ContainsKey(job.ParentId!)))
        {
            _jobs[job.Id] = job;
            return before;
        }

        _jobs.Remove(job.Id);
        if (job.IsMultiNode)
        {
            foreach (var node in NodesOf(job).Where(node => node.Status.IsFinished()))
            {
                _jobs.Remove(node.Id);
            }
        }

        return before;
    }

    public void Clear() => _jobs.Clear();

    public bool ContainsKey(string key) => _jobs.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Job value) => _jobs.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, Job>> GetEnumerator() => _jobs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
