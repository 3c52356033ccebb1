using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Reads the jobs of a key one after the other, newest first, a few ahead: a query of LiteDB costs as much as some documents. The number of
/// jobs read at once grows with the number taken.
/// </summary>
internal sealed class ReadAhead(LiteDbSession session, CompositeKey key)
{
    private const int Most = 64;
    private readonly Queue<BsonDocument> _ahead = [];
    private int _count = 1;
    private long _last = long.MaxValue;

    /// <summary>Returns the newest job before a place, usually that of the job returned before; null if there is none.</summary>
    public BsonDocument? Next(long before)
    {
        if (before != _last)
        {
            _ahead.Clear();
        }

        if (_ahead.Count == 0)
        {
            foreach (var document in session.Walk(BatchSchema.Jobs, key.Range.After(key.ThenDescending(before)), _count))
            {
                _ahead.Enqueue(document);
            }

            _count = Math.Min(_count * 2, Most);
        }

        if (!_ahead.TryDequeue(out var next))
        {
            return null;
        }

        _last = next[LiteDbSession.Id].AsInt64;
        return next;
    }
}
