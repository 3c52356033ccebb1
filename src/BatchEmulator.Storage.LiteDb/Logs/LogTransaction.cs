using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>
/// Changes of the logs. Groups and streams are read on first use, and written once at the end of the transaction, however many events they
/// get.
/// </summary>
internal sealed class LogTransaction(LiteDbSession session, DateTimeOffset now) : ILogTransaction
{
    private readonly long _now = now.ToUnixTimeMilliseconds();
    private readonly LogCounters _counters = new(session);

    /// <summary>Groups and streams used so far; null for those that do not exist.</summary>
    private readonly Dictionary<LogGroupKey, GroupRecord?> _groups = [];
    private readonly Dictionary<LogStreamKey, StreamRecord?> _streams = [];

    private readonly HashSet<GroupRecord> _changedGroups = [];
    private readonly HashSet<StreamRecord> _changedStreams = [];
    private readonly List<BsonDocument> _events = [];

    public LogGroup? FindGroup(LogGroupKey group) => Find(group)?.ToGroup();

    public LogStream? FindStream(LogStreamKey stream) => Find(stream)?.ToStream();

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => Find(group)?.Tags;

    public bool AddGroup(LogGroupKey group, LogGroupSettings settings)
    {
        if (Find(group) is not null)
        {
            return false;
        }

        AddNew(group, settings);
        return true;
    }

    public bool RemoveGroup(LogGroupKey group)
    {
        if (Find(group) is not { } found)
        {
            return false;
        }

        Flush();
        session.Delete(LogSchema.Groups, found.Id);
        session.Insert(LogSchema.RemovedGroups, new BsonDocument { [LiteDbSession.Id] = found.Id });
        Forget();
        return true;
    }

    public bool SetRetention(LogGroupKey group, int? days)
    {
        if (Find(group) is not { } found)
        {
            return false;
        }

        found.RetentionInDays = days;
        _changedGroups.Add(found);
        return true;
    }

    public bool PatchTags(LogGroupKey group, IReadOnlyDictionary<string, string?> patch)
    {
        if (Find(group) is not { } found)
        {
            return false;
        }

        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                found.Tags.Remove(key);
            }
            else
            {
                found.Tags[key] = value;
            }
        }

        _changedGroups.Add(found);
        return true;
    }

    public bool AddStream(LogStreamKey stream)
    {
        if (Find(stream) is not null)
        {
            return false;
        }

        AddNew(stream);
        return true;
    }

    public bool RemoveStream(LogStreamKey stream)
    {
        if (Find(stream) is not { } found)
        {
            return false;
        }

        Flush();
        session.Delete(LogSchema.Streams, found.Id);
        session.Insert(LogSchema.RemovedStreams, RemovedStream.Of(found));
        Forget();
        return true;
    }

    public void AppendLine(LogStreamKey stream, LogLine line)
    {
        var found = Find(stream) ?? AddNew(stream);
        found.Lines += line.Lines;
        found.LastLineAt = Math.Max(found.LastLineAt, line.At);
        _changedStreams.Add(found);
        if (line.Text.Length > 0)
        {
            AddEvent(stream.Group, found, found.LastLineAt, line.Text);
        }
    }

    public bool AddEvents(LogStreamKey stream, IReadOnlyList<NewLogEvent> events)
    {
        if (Find(stream) is not { } found)
        {
            return false;
        }

        foreach (var item in events)
        {
            AddEvent(stream.Group, found, item.At, item.Message);
        }

        return true;
    }

    public void RemoveAll()
    {
        Flush();
        foreach (var document in session.WalkIds(LogSchema.Groups, 0, long.MaxValue).ToList())
        {
            session.Delete(LogSchema.Groups, document[LiteDbSession.Id]);
            session.Insert(LogSchema.RemovedGroups, new BsonDocument { [LiteDbSession.Id] = document[LiteDbSession.Id] });
        }

        Forget();
    }

    public bool Purge(int limit)
    {
        Flush();
        Forget();
        return new LogPurge(session, _now, limit).Run();
    }

    /// <summary>Writes the changes: before the commit, and before documents are removed.</summary>
    public void Flush()
    {
        foreach (var group in _changedGroups)
        {
            session.Upsert(LogSchema.Groups, group.ToDocument());
        }

        foreach (var stream in _changedStreams)
        {
            session.Upsert(LogSchema.Streams, stream.ToDocument());
        }

        session.Insert(LogSchema.Events, _events);
        _counters.Save();
        _changedGroups.Clear();
        _changedStreams.Clear();
        _events.Clear();
    }

    /// <summary>Forgets the groups and streams used so far, because documents were removed.</summary>
    private void Forget()
    {
        _groups.Clear();
        _streams.Clear();
    }

    private GroupRecord? Find(LogGroupKey group) =>
        _groups.TryGetValue(group, out var known) ? known : _groups[group] = session.FindGroup(group);

    private StreamRecord? Find(LogStreamKey stream) => _streams.TryGetValue(stream, out var known)
        ? known
        : _streams[stream] = Find(stream.Group) is { } group ? session.FindStream(group.Id, stream.Name) : null;

    private GroupRecord AddNew(LogGroupKey group, LogGroupSettings settings)
    {
        var added = new GroupRecord { Id = _counters.NextId(), Key = group, CreatedAt = _now, Settings = settings };
        _groups[group] = added;
        _changedGroups.Add(added);
        return added;
    }

    private StreamRecord AddNew(LogStreamKey stream)
    {
        var group = Find(stream.Group) ?? AddNew(stream.Group, LogGroupSettings.Default);
        var added = new StreamRecord { Id = _counters.NextId(), GroupId = group.Id, Name = stream.Name, CreatedAt = _now };
        _streams[stream] = added;
        _changedStreams.Add(added);
        return added;
    }

    private void AddEvent(LogGroupKey groupKey, StreamRecord stream, long at, string message)
    {
        var document = EventDocument.Of(stream, new LogPosition(at, _counters.NextSequence()), _now, message);
        _events.Add(document);
        stream.FirstEventAt = Math.Min(stream.FirstEventAt ?? at, at);
        stream.LastEventAt = Math.Max(stream.LastEventAt ?? at, at);
        stream.IngestedAt = _now;
        _changedStreams.Add(stream);
        var group = Find(groupKey)!;
        group.StoredBytes += EventDocument.SizeOf(document);
        _changedGroups.Add(group);
    }
}
