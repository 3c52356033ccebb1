using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Keeps changes in a LiteDB database: one transaction for the changes of a turn, on disk when it returns.</summary>
internal sealed class LiteDbBatchStore : IBatchStore
{
    private const string InstanceDocument = "instance";
    private const string Value = "value";

    private readonly BatchFile _file;

    /// <summary>Data kept by the writer between turns; null after a failed turn.</summary>
    private WriterMemory? _memory;

    /// <param name="file">The database; the store closes it.</param>
    public LiteDbBatchStore(BatchFile file)
    {
        _file = file;
        InstanceId = ReadOrCreateInstanceId();
        _memory = file.Read(session => WriterMemory.Load(session, file.Places));
    }

    public string InstanceId { get; }

    /// <exception cref="StartException">The file is damaged.</exception>
    public StoredState Load() => UnusableFile.Refused(_file.Path, () => _file.Read(BatchLoader.Load));

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
            _file.Write(session =>
            {
                memory ??= WriterMemory.Load(session, _file.Places);
                new BatchWriter(session, memory).Write(changes);
            });
        }
        else
        {
            // Earlier changes of the turn are removed, too.
            _file.Places.Clear();
            _file.Replace(session =>
            {
                SaveInstanceId(session, InstanceId);
                memory = WriterMemory.Load(session, _file.Places);
                new BatchWriter(session, memory).Write(changes.Skip(lastRemoval + 1));
            });
        }

        _memory = memory;
    }

    public void Dispose() => _file.Dispose();

    private static void SaveInstanceId(LiteDbSession session, string id) =>
        session.Upsert(LiteDbSchema.Meta, new BsonDocument { [LiteDbSession.Id] = InstanceDocument, [Value] = id });

    private string ReadOrCreateInstanceId()
    {
        var stored = _file.Read(session => session.Find(LiteDbSchema.Meta, InstanceDocument)?[Value].AsString);
        if (stored is not null)
        {
            return stored;
        }

        var created = Guid.NewGuid().ToString("N");
        _file.Write(session => SaveInstanceId(session, created));
        return created;
    }
}
