using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Reads everything unfinished as the changes that recreate it.</summary>
internal static class BatchLoader
{
    public static StoredState Load(LiteDbSession session)
    {
        var resources = session.WalkIds(BatchSchema.Resources, 0, long.MaxValue).Select(ResourceDocument.Read).ToList();
        var queues = resources.ToDictionary(resource => resource.Sequence, resource => resource.Arn);
        var notes = session.WalkIds(BatchSchema.Notes, NoteDocument.All);
        var definitions = session.WalkIds(BatchSchema.Definitions, 0, long.MaxValue);
        return new StoredState(
            [
                .. ResourceKinds.InLoadOrder(resources).Select(resource => new ResourceSaved(resource)),
                .. notes.Select(note => new OrderingNoteSaved(NoteDocument.Read(note, queues[NoteDocument.QueueOf(note)]))),
                .. definitions.Select(document => DefinitionDocument.IsPurged(document)
                    ? (Change)new JobDefinitionPurged(DefinitionDocument.Read(document))
                    : new JobDefinitionSaved(DefinitionDocument.Read(document))),
                .. Jobs(session, resources.OfType<JobQueue>()).OrderBy(job => job.Sequence).Select(job => new JobSaved(job, null)),
            ],
            new[] { BatchSchema.Resources, BatchSchema.Definitions, BatchSchema.Jobs }.Max(session.LastId));
    }

    /// <summary>Reads unfinished jobs with all their parts, and unfinished nodes of finished jobs, in any order.</summary>
    private static IEnumerable<Job> Jobs(LiteDbSession session, IEnumerable<JobQueue> queues)
    {
        // A queue is removed when its last job has ended.
        var unfinished =
            from queue in queues
            from status in Enum.GetValues<JobStatus>()
            where !status.IsFinished()
            from document in session.Walk(BatchSchema.Jobs, JobKeys.OfStatus(queue.Sequence, status).Range)
            select JobDocument.Read(document);
        var wholes = new HashSet<long>();
        foreach (var job in unfinished)
        {
            yield return job;
            if (job.Specification.Parts > 0)
            {
                wholes.Add(job.Sequence);
                foreach (var part in session.WalkIds(BatchSchema.Jobs, PartSequence.Of(job.Sequence, 0), PartSequence.Last(job)))
                {
                    yield return JobDocument.ReadPart(part, job);
                }
            }
        }

        foreach (var node in session.Walk(BatchSchema.Jobs, JobKeys.UnfinishedNodes.Range))
        {
            if (JobDocument.ParentOf(node) is { } parent && !wholes.Contains(parent))
            {
                yield return JobDocument.ReadPart(node, JobDocument.Read(session.Find(BatchSchema.Jobs, parent)!));
            }
        }
    }
}
