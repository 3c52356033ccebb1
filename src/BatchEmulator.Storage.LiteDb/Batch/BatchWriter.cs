using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Writes the changes of one turn as documents. Several changes of one job become one document: only the last of them is visible.
/// </summary>
/// <param name="session">The transaction of the turn.</param>
/// <param name="memory">Data kept from earlier turns.</param>
internal sealed class BatchWriter(LiteDbSession session, WriterMemory memory)
{
    /// <summary>
    /// Limits the time for which forgetting finished jobs can delay a commit: about a second, unless one job has more parts.
    /// </summary>
    private const int MaximumForgottenAtOnce = 5_000;

    private readonly Dictionary<string, (Job Job, JobStatus? Before)> _jobs = new(StringComparer.Ordinal);

    public void Write(IEnumerable<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is JobSaved { Value: var job, Previous: var previous })
            {
                _jobs[job.Id] = (job, _jobs.TryGetValue(job.Id, out var earlier) ? earlier.Before : previous);
            }
            else
            {
                // Other changes are rare; the jobs before them are written first, so that the order of the turn is kept.
                WriteJobs();
                Write(change);
            }
        }

        WriteJobs();
        memory.Directory.Save(session);
        memory.Counts.Save(session);
    }

    private void Write(Change change)
    {
        switch (change)
        {
            case ResourceSaved { Value: var resource }:
                Save(resource);
                break;
            case ResourceRemoved { Value: var resource }:
                Remove(resource);
                break;
            case OrderingNoteSaved { Value: var note }:
                session.Upsert(BatchSchema.Notes, NoteDocument.Of(note, QueueOf(note.JobQueueArn)));
                break;
            case OrderingNoteRemoved { Value: var note }:
                session.Delete(BatchSchema.Notes, [NoteDocument.IdOf(QueueOf(note.JobQueueArn), note.Key).Value]);
                break;
            case JobDefinitionSaved { Value: var definition }:
                memory.Counts.AddDefinitions(session.Upsert(BatchSchema.Definitions, DefinitionDocument.Of(definition)) ? 1 : 0);
                break;
            case JobDefinitionPurged { Value: var definition }:
                session.Upsert(BatchSchema.Definitions, DefinitionDocument.OfPurged(definition));
                memory.Counts.AddDefinitions(-1);
                StoredTags.Remove(session, definition.Arn);
                break;
            case TagsPatched { Arn: var arn, Patch: var patch }:
                StoredTags.Patch(session, arn, patch);
                break;
            case FinishedJobsExpired { Before: var before }:
                Forget(before);
                break;
            default:
                throw new NotSupportedException(change.GetType().Name);
        }
    }

    private void Save(Resource resource)
    {
        memory.Counts.AddResources(resource.Kind, session.Upsert(BatchSchema.Resources, ResourceDocument.Of(resource)) ? 1 : 0);
        if (resource is JobQueue)
        {
            memory.Queues[resource.Arn] = resource.Sequence;
        }
    }

    private void Remove(Resource resource)
    {
        memory.Counts.AddResources(resource.Kind, -session.Delete(BatchSchema.Resources, [resource.Sequence]));
        StoredTags.Remove(session, resource.Arn);
        if (memory.Queues.Remove(resource.Arn, out var queue))
        {
            session.Delete(BatchSchema.Notes, [.. session.WalkIds(BatchSchema.Notes, NoteDocument.Of(queue).Range).Select(IdOf)]);
        }
    }

    private void WriteJobs()
    {
        if (_jobs.Count == 0)
        {
            return;
        }

        var (added, changed) = (new List<BsonDocument>(), new List<BsonDocument>());
        foreach (var (job, before) in _jobs.Values)
        {
            (before is null ? added : changed).Add(JobDocument.Of(job, QueueOf(job.Specification.JobQueueArn)));
            if (before is null && job.ParentId is null)
            {
                memory.Directory.Add(session, job);
            }
        }

        session.Insert(BatchSchema.Jobs, added);
        var updated = session.Update(BatchSchema.Jobs, changed);
        Count(updated == changed.Count ? [] : Missing(changed));
        _jobs.Clear();
    }

    /// <summary>Returns the places of jobs that are not stored: a node may end after it was forgotten with its job.</summary>
    private HashSet<long> Missing(List<BsonDocument> documents)
    {
        var missing = documents.Select(document => document[LiteDbSession.Id].AsInt64).ToHashSet();
        missing.ExceptWith(
            session.FindAll(BatchSchema.Jobs, documents.Select(IdOf)).Select(document => document[LiteDbSession.Id].AsInt64));
        return missing;
    }

    private void Count(HashSet<long> missing)
    {
        foreach (var (job, before) in _jobs.Values.Where(change => !missing.Contains(change.Job.Sequence)))
        {
            memory.Counts.AddJobs(job.Status, 1);
            if (before is { } previous)
            {
                memory.Counts.AddJobs(previous, -1);
            }
        }
    }

    /// <summary>Forgets jobs that ended before a time, oldest first, each with its parts.</summary>
    private void Forget(DateTimeOffset before)
    {
        var isPast = JobKeys.Stopped.Range.To(JobKeys.Stopped.Then(before.ToUnixTimeMilliseconds()));
        var (jobs, documents) = (new List<long>(), 0);
        // Reading ahead would be wasted on jobs that stay.
        while (documents < MaximumForgottenAtOnce && session.Walk(BatchSchema.Jobs, isPast, limit: 1).FirstOrDefault() is { } document)
        {
            var job = JobDocument.Read(document);
            var parts = session.WalkIds(BatchSchema.Jobs, PartSequence.Of(job.Sequence, 0), PartSequence.Last(job)).ToList();
            foreach (var removed in parts.Append(document))
            {
                memory.Counts.AddJobs(JobDocument.StatusOf(removed), -1);
            }

            documents += session.Delete(BatchSchema.Jobs, [.. parts.Select(IdOf), job.Sequence]);
            StoredTags.Remove(session, job.Arn);
            jobs.Add(job.Sequence);
        }

        memory.Directory.Remove(session, jobs);
    }

    /// <summary>Returns the place of a queue, which exists as long as jobs of it change.</summary>
    private long QueueOf(string arn) => memory.Queues[arn];

    private static BsonValue IdOf(BsonDocument document) => document[LiteDbSession.Id];
}
