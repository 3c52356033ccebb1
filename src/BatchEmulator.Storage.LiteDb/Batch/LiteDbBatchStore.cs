using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Keeps changes in a LiteDB database: one transaction for the changes of a turn, on disk when it returns.</summary>
/// <param name="file">The database; the store closes it.</param>
internal sealed class LiteDbBatchStore(LiteDbFile file) : IBatchStore
{
    private const string InstanceDocument = "instance";
    private const string Value = "value";

    /// <summary>What the writer remembers between turns; null until the first one, and after one that failed.</summary>
    private (StoredCounts Counts, Dictionary<string, long> Queues)? _memory;

    public string InstanceId { get; } = ReadOrCreateInstanceId(file);

    /// <summary>Opens the database, creates or migrates it.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="younger">Path of a file that exists only if the database has once had content; null if there is none.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    /// <exception cref="DamagedFileException">The file is damaged.</exception>
    public static LiteDbFile OpenFile(string path, string? younger = null) => new FileInfo(path) is { Exists: true, Length: 0 } && File.Exists(younger)
        ? throw new DamagedFileException("the file is empty, and was not.")
        : new(path, BatchSchema.Schema);

    /// <exception cref="StartException">The file is damaged.</exception>
    public StoredState Load() => UnusableFile.Refused(file.Path, () => file.Read(BatchLoader.Load));

    public void Commit(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var memory = _memory;
        _memory = null;
        var lastRemoval = changes.ToList().FindLastIndex(change => change is EverythingRemoved);
        if (lastRemoval < 0)
        {
            file.Write(session => memory = Write(session, memory ?? Remember(session), changes));
        }
        else
        {
            // What came before it is gone in the same turn.
            file.Replace(session =>
            {
                SaveInstanceId(session, InstanceId);
                memory = Write(session, Remember(session), changes.Skip(lastRemoval + 1));
            });
        }

        _memory = memory;
    }

    public void Dispose() => file.Dispose();

    private static string ReadOrCreateInstanceId(LiteDbFile file)
    {
        var stored = file.Read(session => session.Find(LiteDbSchema.Meta, InstanceDocument)?[Value].AsString);
        if (stored is not null)
        {
            return stored;
        }

        var created = Guid.NewGuid().ToString("N");
        file.Write(session => SaveInstanceId(session, created));
        return created;
    }

    private static void SaveInstanceId(LiteDbSession session, string id) =>
        session.Upsert(LiteDbSchema.Meta, new BsonDocument { [LiteDbSession.Id] = InstanceDocument, [Value] = id });

    private static (StoredCounts Counts, Dictionary<string, long> Queues) Remember(LiteDbSession session) => (
        StoredCounts.Load(session),
        session.WalkIds(BatchSchema.Resources, 0, long.MaxValue).Select(ResourceDocument.Read).OfType<JobQueue>()
            .ToDictionary(queue => queue.Arn, queue => queue.Sequence, StringComparer.Ordinal));

    private static (StoredCounts Counts, Dictionary<string, long> Queues) Write(
        LiteDbSession session, (StoredCounts Counts, Dictionary<string, long> Queues) memory, IEnumerable<Change> changes)
    {
        new BatchWriter(session, memory.Counts, memory.Queues).Write(changes);
        return memory;
    }
}
