using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>The last numbers of groups and streams, and of events. They are stored with the objects that use them.</summary>
internal sealed class LogCounters(LiteDbSession session)
{
    private const string DocumentId = "counters";
    private const string Id = "id";
    private const string Sequence = "sequence";

    private readonly BsonDocument _document = session.Find(LiteDbSchema.Meta, DocumentId)
        ?? new BsonDocument { [LiteDbSession.Id] = DocumentId, [Id] = 0L, [Sequence] = 0L };

    private bool _isChanged;

    public long NextId() => Next(Id);

    public long NextSequence() => Next(Sequence);

    public void Save()
    {
        if (_isChanged)
        {
            session.Upsert(LiteDbSchema.Meta, _document);
            _isChanged = false;
        }
    }

    private long Next(string name)
    {
        _isChanged = true;
        var next = _document[name].AsInt64 + 1;
        _document[name] = next;
        return next;
    }
}
