using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>
/// Enumerates the events of a few streams by their ids, whatever the others hold, or of all streams by the keys of the group.
/// </summary>
internal sealed class LogScan(LiteDbSession session, long group, LogScanQuery query)
{
    /// <summary>Maximum number of merged streams; beyond it the whole group's events are read.</summary>
    private const int MaximumMerged = 100;

    public IEnumerable<LogScanStep> Run()
    {
        var streams = query.Streams is { } names ? Named(names) : query.StreamPrefix.Length > 0 ? WithPrefix() : null;
        return streams is { Count: <= MaximumMerged } ? Merge(streams) : Walk();
    }

    private List<StreamRecord> Named(IReadOnlyCollection<string> names) =>
    [
        .. names.Where(name => name.StartsWith(query.StreamPrefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .Select(name => session.FindStream(group, name)).OfType<StreamRecord>(),
    ];

    private List<StreamRecord> WithPrefix()
    {
        var range = LogSchema.StreamsByName(group).ThenPrefix(query.StreamPrefix).Range;
        return [.. session.Walk(LogSchema.Streams, range, MaximumMerged + 1).Select(StreamRecord.Read)];
    }

    private IEnumerable<LogScanStep> Walk()
    {
        var names = new Dictionary<long, string?>();
        foreach (var document in session.Walk(LogSchema.Events, LogSchema.EventsOfGroup(group).Between(query.After, query.Before)))
        {
            var id = EventDocument.StreamOf(document);
            if (!names.TryGetValue(id, out var name))
            {
                // Events of a removed stream may still exist.
                names[id] = name = session.Find(LogSchema.Streams, id) is { } stream ? StreamRecord.Read(stream).Name : null;
            }

            yield return name is not null && IsSelected(name) ? Step(document, name) : new(EventDocument.PositionOf(document), null);
        }
    }

    private bool IsSelected(string stream) =>
        stream.StartsWith(query.StreamPrefix, StringComparison.Ordinal) && query.Streams?.Contains(stream) != false;

    private IEnumerable<LogScanStep> Merge(List<StreamRecord> streams)
    {
        var heads = new PriorityQueue<(IEnumerator<BsonDocument> Events, string Stream), LogPosition>();
        foreach (var stream in streams)
        {
            var range = LogSchema.EventsOfStream(stream.Id).Between(query.After, query.Before);
            Advance(heads, session.WalkIds(LogSchema.Events, range).GetEnumerator(), stream.Name);
        }

        // Enumerators of walks need no disposal.
        while (heads.TryDequeue(out var head, out _))
        {
            yield return Step(head.Events.Current, head.Stream);
            Advance(heads, head.Events, head.Stream);
        }
    }

    private static void Advance(
        PriorityQueue<(IEnumerator<BsonDocument> Events, string Stream), LogPosition> heads,
        IEnumerator<BsonDocument> events,
        string stream)
    {
        if (events.MoveNext())
        {
            heads.Enqueue((events, stream), EventDocument.PositionOf(events.Current));
        }
    }

    private static LogScanStep Step(BsonDocument document, string stream)
    {
        var item = EventDocument.Read(document, stream);
        return new(item.Position, item);
    }
}
