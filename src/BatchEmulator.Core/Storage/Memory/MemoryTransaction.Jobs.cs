using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Changes of jobs.</summary>
internal sealed partial class MemoryTransaction
{
    private void Save(Job job, bool isNew)
    {
        if (isNew)
        {
            Insert(new(job, _places[job.Specification.JobQueueArn]));
        }
        else if (_jobs.TryGetValue(job.Sequence, out var before))
        {
            Update(before, before with { Value = job });
        }

        // Otherwise it is a node that outlived its job, and was forgotten with it.
    }

    private void Insert(StoredJob row)
    {
        var job = row.Value;
        _jobs.Add(job.Sequence, row);
        _jobCounts[(int)job.Status]++;
        _lastSequence = Math.Max(_lastSequence, job.Sequence);
        if (job.Index is null)
        {
            _places.Add(job.Id, job.Sequence);
            _entries.UnionWith(Entries.Lasting(row, DefinitionOf(job)));
            _entries.UnionWith(Entries.Passing(row));
        }
    }

    private void Update(StoredJob before, StoredJob after)
    {
        var (old, job) = (before.Value, after.Value);
        _jobs[job.Sequence] = after;
        _jobCounts[(int)old.Status]--;
        _jobCounts[(int)job.Status]++;
        if (job.Index is null && (old.Status != job.Status || old.StoppedAt != job.StoppedAt))
        {
            _entries.ExceptWith(Entries.Passing(before));
            _entries.UnionWith(Entries.Passing(after));
        }
    }

    private void Forget(DateTimeOffset before)
    {
        var end = new IndexEntry(MemoryIndex.JobsByEnd, 0, "", before.ToUnixTimeMilliseconds(), 0);
        var expired = _entries.ToImmutable()
            .From(end with { Number = long.MinValue })
            .TakeWhile(entry => entry.Index == end.Index && entry.Number < end.Number)
            .Take(FinishedJobsExpired.MaximumAtOnce);
        foreach (var entry in expired)
        {
            Remove(_jobs[entry.Sequence]);
        }
    }

    private void Remove(StoredJob row)
    {
        var job = row.Value;
        _entries.ExceptWith(Entries.Lasting(row, DefinitionOf(job)));
        _entries.ExceptWith(Entries.Passing(row));
        _places.Remove(job.Id);
        _tags.Remove(job.Arn);
        for (var place = job.Sequence; place <= PartSequence.Last(job); place++)
        {
            // The nodes of a job may not exist.
            if (_jobs.TryGetValue(place, out var part))
            {
                _jobs.Remove(place);
                _jobCounts[(int)part.Value.Status]--;
            }
        }
    }

    private long? DefinitionOf(Job job) =>
        job.Specification.JobDefinitionArn is { } arn && _places.TryGetValue(arn, out var place) ? place : null;
}
