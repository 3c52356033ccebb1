using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>Reads one committed state of the logs.</summary>
internal sealed class LogSnapshot(LiteDbSession session) : ILogSnapshot
{
    public LogGroup? FindGroup(LogGroupKey group) => session.FindGroup(group)?.ToGroup();

    public LogStream? FindStream(LogStreamKey stream) => Find(stream)?.ToStream();

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => session.FindGroup(group)?.Tags;

    public IReadOnlyList<LogGroup> Groups(LogGroupQuery query)
    {
        var names = LogSchema.GroupsOf(query.Scope);
        return
        [
            .. session.Walk(LogSchema.Groups, names.ThenPrefix(query.Prefix).Range.Behind(names.Then(query.After)))
                .Select(document => GroupRecord.Read(document).ToGroup())
                .Where(group => group.Name.Contains(query.Part, StringComparison.OrdinalIgnoreCase))
                .Where(group => query.Class is null || group.Settings.Class == query.Class)
                .Take(query.Limit),
        ];
    }

    public IReadOnlyList<LogStream> Streams(LogStreamQuery query) =>
        session.FindGroup(query.Group) is not { } group ? []
        : query.IsByLastEvent ? StreamsByLastEvent(group.Id, query)
        : StreamsByName(group.Id, query);

    public IEnumerable<LogEvent> Events(LogStreamKey stream, LogPosition after, LogPosition before, bool isDescending = false) =>
        Find(stream) is not { } found ? []
        : session.WalkIds(LogSchema.Events, LogSchema.EventsOfStream(found.Id).Between(after, before), isDescending: isDescending)
            .Select(document => EventDocument.Read(document, found.Name));

    public IEnumerable<LogScanStep> Scan(LogScanQuery query) =>
        session.FindGroup(query.Group) is { } group ? new LogScan(session, group.Id, query).Run() : [];

    private StreamRecord? Find(LogStreamKey stream) =>
        session.FindGroup(stream.Group) is { } group ? session.FindStream(group.Id, stream.Name) : null;

    private IReadOnlyList<LogStream> StreamsByName(long group, LogStreamQuery query)
    {
        var names = LogSchema.StreamsByName(group);
        var range = names.ThenPrefix(query.Prefix).Range;
        if (query.After is { } place)
        {
            // The key of a name is longer than the name: the range up to the name excludes it.
            range = query.IsDescending ? range.To(names.ThenPrefix(place.Name)) : range.Behind(names.Then(place.Name));
        }

        return
        [
            .. session.Walk(LogSchema.Streams, range, query.Limit, query.IsDescending)
                .Select(document => StreamRecord.Read(document).ToStream()),
        ];
    }

    private IReadOnlyList<LogStream> StreamsByLastEvent(long group, LogStreamQuery query)
    {
        var range = LogSchema.StreamsByLastEvent(group).Range;
        if (query.After is { } place)
        {
            var time = LogSchema.StreamsByLastEvent(group).Then(place.LastEventAt);
            range = query.IsDescending ? range.To(time.ThenPrefix(place.Name)) : range.Behind(time.Then(place.Name));
        }

        return
        [
            .. session.Walk(LogSchema.Streams, range, isDescending: query.IsDescending)
                .Select(document => StreamRecord.Read(document).ToStream())
                .Where(stream => stream.Name.StartsWith(query.Prefix, StringComparison.Ordinal))
                .Take(query.Limit),
        ];
    }
}
