using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Reads everything that is not finished as the changes that recreate it.</summary>
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
                .. Jobs(session).OrderBy(job => job.Sequence).Select(job => new JobSaved(job, null)),
            ],
            new[] { BatchSchema.Resources, BatchSchema.Definitions, BatchSchema.Jobs }.Max(session.LastId));
    }

    /// <summary>
    /// Reads unfinished jobs, and of those also the finished parts. A node may outlive its job for a while.
    /// </summary>
    private static IEnumerable<Job> Jobs(LiteDbSession session)
    {
        var wholes = new Dictionary<long, (Job Job, bool IsUnfinished)>();
        foreach (var document in session.Walk(BatchSchema.Jobs, JobKeys.Unfinished.Range))
        {
            if (JobDocument.ParentOf(document) is not { } parent)
            {
                var job = JobDocument.Read(document);
                yield return job;
                if (job.Specification.Parts > 0)
                {
                    wholes[job.Sequence] = (job, true);
                    foreach (var part in session.WalkIds(BatchSchema.Jobs, PartSequence.Of(job.Sequence, 0), PartSequence.Last(job)))
                    {
                        yield return JobDocument.ReadPart(part, job);
                    }
                }

                continue;
            }

            if (!wholes.TryGetValue(parent, out var whole))
            {
                wholes[parent] = whole = (JobDocument.Read(session.Find(BatchSchema.Jobs, parent)!), false);
            }

            // The parts of an unfinished job came with it.
            if (!whole.IsUnfinished)
            {
                yield return JobDocument.ReadPart(document, whole.Job);
            }
        }
    }
}
