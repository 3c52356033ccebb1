using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>
/// A pass that removes a bounded number of events: those of removed streams and groups, and those past the retention of their group.
/// </summary>
internal sealed class LogPurge(LiteDbSession session, long now, int limit)
{
    private int _room = limit;

    /// <returns>False if more remains to be removed.</returns>
    public bool Run() => RemoveStreams() && RemoveGroups() && RemoveExpired();

    private bool RemoveStreams()
    {
        var count = Math.Max(_room, 1);
        var streams = session.WalkIds(LogSchema.RemovedStreams, 0, long.MaxValue, count).Select(RemovedStream.Read).ToList();
        foreach (var stream in streams)
        {
            if (!Remove(room => session.WalkIds(LogSchema.Events, LogSchema.EventsOfStream(stream.Id).Range, room), stream.GroupId))
            {
                return false;
            }

            session.Delete(LogSchema.RemovedStreams, stream.Id);
        }

        return streams.Count < count;
    }

    private bool RemoveGroups()
    {
        var count = Math.Max(_room, 1);
        var groups = session.WalkIds(LogSchema.RemovedGroups, 0, long.MaxValue, count).Select(IdOf).ToList();
        foreach (var id in groups)
        {
            if (!Remove(room => session.Walk(LogSchema.Events, LogSchema.EventsOfGroup(id.AsInt64).Range, room), id.AsInt64)
                || !RemoveStreams(id.AsInt64))
            {
                return false;
            }

            session.Delete(LogSchema.RemovedGroups, id);
        }

        return groups.Count < count;
    }

    private bool RemoveExpired()
    {
        foreach (var group in session.Walk(LogSchema.Groups, LogSchema.GroupsWithRetention.Range).Select(GroupRecord.Read).ToList())
        {
            var oldest = DateTimeOffset.FromUnixTimeMilliseconds(now).AddDays(-group.RetentionInDays!.Value).ToUnixTimeMilliseconds();
            var expired = LogSchema.EventsOfGroup(group.Id).Between(LogPosition.Start, new LogPosition(oldest, 0));
            if (!Remove(room => session.Walk(LogSchema.Events, expired, room), group.Id))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="read">Reads a number of events at most.</param>
    /// <param name="groupId">Id of their group.</param>
    /// <returns>False if the pass ended before everything was removed.</returns>
    private bool Remove(Func<int, IEnumerable<BsonDocument>> read, long groupId)
    {
        if (_room <= 0)
        {
            return false;
        }

        var events = read(_room).ToList();
        session.Delete(LogSchema.Events, [.. events.Select(IdOf)]);
        if (events.Count > 0 && session.Find(LogSchema.Groups, groupId) is { } document)
        {
            var group = GroupRecord.Read(document);
            group.StoredBytes = Math.Max(0, group.StoredBytes - events.Sum(EventDocument.SizeOf));
            session.Upsert(LogSchema.Groups, group.ToDocument());
        }

        var isComplete = events.Count < _room;
        _room -= events.Count;
        return isComplete;
    }

    /// <summary>Removes streams of a removed group.</summary>
    private bool RemoveStreams(long groupId)
    {
        var count = Math.Max(_room, 1);
        var streams = session.Walk(LogSchema.Streams, LogSchema.StreamsByName(groupId).Range, count).Select(IdOf).ToList();
        session.Delete(LogSchema.Streams, streams);
        _room -= streams.Count;
        return streams.Count < count;
    }

    private static BsonValue IdOf(BsonDocument document) => document[LiteDbSession.Id];
}
