using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Tests;

/// <summary>A store that is the sum of the changes, in memory; and the reads that commands need.</summary>
internal sealed class FoldedStore : IBatchStore, IBatchQueries
{
    private readonly SortedDictionary<long, Resource> _resources = [];
    private readonly SortedDictionary<(string, string), OrderingNote> _notes = [];
    private readonly SortedDictionary<long, JobDefinition> _definitions = [];
    private readonly SortedDictionary<long, JobDefinition> _purged = [];
    private readonly Dictionary<string, Dictionary<string, string>> _tags = new(StringComparer.Ordinal);
    private long _last;

    public string InstanceId => "0";

    public Dictionary<string, Job> Jobs { get; } = new(StringComparer.Ordinal);

    public StoredState Load() => new(
        [
            .. ResourceKinds.InLoadOrder(_resources.Values).Select(resource => new ResourceSaved(resource)),
            .. _notes.Values.Select(note => new OrderingNoteSaved(note)),
            .. _definitions.Values.Select(d => new JobDefinitionSaved(d)),
            .. _purged.Values.Select(d => new JobDefinitionPurged(d)),
            .. Jobs.Values
                .Where(j => !j.Status.IsFinished() || (j.ParentId is { } parent && !Jobs[parent].Status.IsFinished()))
                .OrderBy(j => j.Sequence)
                .Select(j => new JobSaved(j, null)),
        ],
        _last);

    public void Commit(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case ResourceSaved { Value: var resource }:
                    _resources[resource.Sequence] = resource;
                    _last = Math.Max(_last, resource.Sequence);
                    break;
                case ResourceRemoved { Value: var resource }:
                    _resources.Remove(resource.Sequence);
                    foreach (var key in _notes.Keys.Where(k => k.Item1 == resource.Arn).ToList())
                    {
                        _notes.Remove(key);
                    }

                    break;
                case OrderingNoteSaved { Value: var note }:
                    _notes[(note.JobQueueArn, note.Key)] = note;
                    break;
                case OrderingNoteRemoved { Value: var note }:
                    _notes.Remove((note.JobQueueArn, note.Key));
                    break;
                case JobDefinitionPurged { Value: var definition }:
                    _definitions.Remove(definition.Sequence);
                    _purged[definition.Sequence] = definition;
                    break;
                case JobDefinitionSaved { Value: var definition }:
                    _definitions[definition.Sequence] = definition;
                    _last = Math.Max(_last, definition.Sequence);
                    break;
                case TagsPatched { Arn: var arn, Patch: var patch }:
                    _tags[arn] = patch.Where(t => t.Value is not null).ToDictionary(t => t.Key, t => t.Value!);
                    break;
                case JobSaved { Value: var job }:
                    Jobs[job.Id] = job;
                    _last = Math.Max(_last, job.Sequence);
                    break;
            }
        }
    }

    public SubmissionReads Known(Wire.SubmitJobRequest request) => SubmissionReads.Read(this, Emulation.Scope, request);

    IReadOnlyList<Tagged<Job>> IBatchQueries.Jobs(Scope scope, IReadOnlyCollection<string> ids) =>
        [.. ids.Where(Jobs.ContainsKey).Select(id => new Tagged<Job>(Jobs[id], new Dictionary<string, string>()))];

    public IReadOnlyList<JobStatus> ChildStatuses(Job arrayParent) =>
        [.. Enumerable.Range(0, arrayParent.Specification.ArraySize!.Value).Select(i => Jobs[JobIds.Child(arrayParent.Id, i)].Status)];

    public IReadOnlyList<Tagged<T>> Resources<T>(ResourceKind<T> kind, ResourceQuery query)
        where T : Resource => throw new NotSupportedException();

    public IReadOnlyList<Job> Consumers(ConsumerQuery query) => throw new NotSupportedException();

    public bool HasClientToken(Scope scope, string token) => Jobs.Values.Any(j => j.Scope == scope && j.Specification.Service?.ClientToken == token);

    public IReadOnlyList<Tagged<JobDefinition>> JobDefinitions(JobDefinitionQuery query) =>
    [
        .. _definitions.Values.Reverse()
            .Where(d => query.Arns?.Contains(d.Arn) ?? (d.Name == query.Name && d.IsActive == query.IsActive))
            .Take(query.Limit)
            .Select(d => new Tagged<JobDefinition>(d, _tags.GetValueOrDefault(d.Arn) ?? [])),
    ];

    public JobPage ListJobs(JobQuery query) => throw new NotSupportedException();

    public EntityCounts Count() => throw new NotSupportedException();

    public IReadOnlyDictionary<string, string>? Tags(Scope scope, string arn) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
