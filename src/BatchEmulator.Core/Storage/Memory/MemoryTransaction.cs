using System.Collections.Immutable;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Changes of one turn that are being added to the tables; invisible before <see cref="Complete"/>.</summary>
internal sealed partial class MemoryTransaction(MemoryTables tables)
{
    private readonly ImmutableSortedDictionary<long, Resource>.Builder _resources = tables.Resources.ToBuilder();
    private readonly ImmutableSortedDictionary<long, StoredDefinition>.Builder _definitions = tables.Definitions.ToBuilder();
    private readonly ImmutableSortedDictionary<long, StoredJob>.Builder _jobs = tables.Jobs.ToBuilder();
    private readonly ImmutableDictionary<string, long>.Builder _places = tables.Places.ToBuilder();
    private readonly ImmutableDictionary<(long Queue, string Key), OrderingNote>.Builder _notes = tables.Notes.ToBuilder();
    private readonly ImmutableDictionary<string, IReadOnlyDictionary<string, string>>.Builder _tags = tables.TagsByArn.ToBuilder();
    private readonly ImmutableSortedSet<IndexEntry>.Builder _entries = tables.Entries.ToBuilder();
    private readonly ImmutableArray<long>.Builder _jobCounts = tables.JobCounts.ToBuilder();
    private long _lastSequence = tables.LastSequence;

    public void Apply(Change change)
    {
        switch (change)
        {
            case JobSaved { Value: var job, Previous: var previous }:
                Save(job, isNew: previous is null);
                break;
            case ResourceSaved { Value: var resource }:
                Save(resource);
                break;
            case ResourceRemoved { Value: var resource }:
                Remove(resource);
                break;
            case OrderingNoteSaved { Value: var note }:
                _notes[(_places[note.JobQueueArn], note.Key)] = note;
                break;
            case OrderingNoteRemoved { Value: var note } when _places.TryGetValue(note.JobQueueArn, out var queue):
                _notes.Remove((queue, note.Key));
                break;
            case OrderingNoteRemoved:
                // It was removed with its queue.
                break;
            case JobDefinitionSaved { Value: var definition }:
                Save(definition);
                break;
            case JobDefinitionPurged { Value: var definition }:
                Purge(definition);
                break;
            case TagsPatched { Arn: var arn, Patch: var patch }:
                _tags[arn] = Tags.Patched(_tags.GetValueOrDefault(arn) ?? Tags.None, patch);
                break;
            case FinishedJobsExpired { Before: var before }:
                Forget(before);
                break;
            case EverythingRemoved:
                Clear();
                break;
            default:
                throw new NotSupportedException(change.GetType().Name);
        }
    }

    public MemoryTables Complete() => new()
    {
        Resources = _resources.ToImmutable(),
        Definitions = _definitions.ToImmutable(),
        Jobs = _jobs.ToImmutable(),
        Places = _places.ToImmutable(),
        Notes = _notes.ToImmutable(),
        TagsByArn = _tags.ToImmutable(),
        Entries = _entries.ToImmutable(),
        JobCounts = _jobCounts.ToImmutable(),
        LastSequence = _lastSequence,
    };

    private void Save(Resource resource)
    {
        _resources[resource.Sequence] = resource;
        _entries.Add(Entries.Of(resource));
        Place(resource.Arn, resource.Sequence);
    }

    private void Remove(Resource resource)
    {
        _resources.Remove(resource.Sequence);
        _entries.Remove(Entries.Of(resource));
        _places.Remove(resource.Arn);
        _tags.Remove(resource.Arn);
        _notes.RemoveRange([.. _notes.Keys.Where(key => key.Queue == resource.Sequence)]);
    }

    private void Save(JobDefinition definition)
    {
        if (_definitions.TryGetValue(definition.Sequence, out var before))
        {
            _entries.ExceptWith(Entries.WhilePresent(before.Value));
        }

        _definitions[definition.Sequence] = new(definition, IsPurged: false);
        _entries.Add(Entries.Of(definition));
        _entries.UnionWith(Entries.WhilePresent(definition));
        Place(definition.Arn, definition.Sequence);
    }

    /// <summary>The row stays, so that the revision's number is never used again.</summary>
    private void Purge(JobDefinition definition)
    {
        _entries.ExceptWith(Entries.WhilePresent(_definitions[definition.Sequence].Value));
        _definitions[definition.Sequence] = new(definition with { Specification = new() }, IsPurged: true);
        _tags.Remove(definition.Arn);
    }

    private void Place(string name, long sequence)
    {
        _places[name] = sequence;
        _lastSequence = Math.Max(_lastSequence, sequence);
    }

    private void Clear()
    {
        _resources.Clear();
        _definitions.Clear();
        _jobs.Clear();
        _places.Clear();
        _notes.Clear();
        _tags.Clear();
        _entries.Clear();
        for (var status = 0; status < _jobCounts.Count; status++)
        {
            _jobCounts[status] = 0;
        }

        _lastSequence = 0;
    }
}
