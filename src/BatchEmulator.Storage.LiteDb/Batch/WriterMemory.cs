using BatchEmulator.Core.JobQueues;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Data that the writer keeps between turns; it is valid as long as every turn was committed.</summary>
/// <param name="Counts">Numbers of stored objects.</param>
/// <param name="Queues">Places of queues by ARN.</param>
/// <param name="Directory">Ids of jobs.</param>
internal sealed record WriterMemory(StoredCounts Counts, Dictionary<string, long> Queues, JobDirectory Directory)
{
    public static WriterMemory Load(LiteDbSession session, PlaceTable places) => new(
        StoredCounts.Load(session),
        session.WalkIds(BatchSchema.Resources, 0, long.MaxValue).Select(ResourceDocument.Read).OfType<JobQueue>()
            .ToDictionary(queue => queue.Arn, queue => queue.Sequence, StringComparer.Ordinal),
        JobDirectory.Load(session, places));
}
