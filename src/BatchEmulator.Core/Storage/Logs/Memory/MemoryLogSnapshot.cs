using System.Collections.Immutable;
using System.Text;

namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>Reads the state that was committed at one moment.</summary>
internal sealed class MemoryLogSnapshot(StoredLogs logs) : ILogSnapshot
{
    public LogGroup? FindGroup(LogGroupKey group) => logs.FindGroup(group)?.ToGroup();

    public LogStream? FindStream(LogStreamKey stream) => Find(stream)?.ToStream();

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => logs.FindGroup(group)?.Tags;

    public IReadOnlyList<LogGroup> Groups(LogGroupQuery query) =>
    [
        .. Range(logs.Groups, StoredGroup.At(new(query.Scope, query.After)), isDescending: false)
            .TakeWhile(group => group.Key.Scope == query.Scope)
            .Where(group => group.Key.Name.StartsWith(query.Prefix, StringComparison.Ordinal)
                && group.Key.Name.Contains(query.Part, StringComparison.OrdinalIgnoreCase)
                && (query.Class is null || group.HasClass(query.Class)))
            .Take(query.Limit)
            .Select(group => group.ToGroup()),
    ];

    public IReadOnlyList<LogStream> Streams(LogStreamQuery query)
    {
        if (logs.FindGroup(query.Group) is not { } group)
        {
            return [];
        }

        var after = query.After is { } place ? StoredStream.At(place) : null;
        var streams = query.IsByLastEvent
            ? Range(group.StreamsByLastEvent, after, query.IsDescending)
                .Where(stream => stream.Name.StartsWith(query.Prefix, StringComparison.Ordinal))
            : WithPrefix(group, query.Prefix, after, query.IsDescending);
        return [.. streams.Take(query.Limit).Select(stream => stream.ToStream())];
    }

    public IEnumerable<LogEvent> Events(LogStreamKey stream, LogPosition after, LogPosition before, bool isDescending = false)
    {
        if (Find(stream) is not { } found)
        {
            return [];
        }

        var events = isDescending
            ? found.Events.Before(before).TakeWhile(item => item.Position > after)
            : found.Events.After(after).TakeWhile(item => item.Position < before);
        return events.Select(Event);
    }

    public IEnumerable<LogScanStep> Scan(LogScanQuery query) =>
        logs.FindGroup(query.Group) is { } group ? new MemoryLogScan(group, query).Run() : [];

    internal static LogEvent Event(StoredEvent item) =>
        new(item.Stream.Name, item.Position, item.IngestedAt, Encoding.UTF8.GetString(item.Message), item.Message.Length);

    /// <summary>Returns the streams whose names have a prefix: they are consecutive in the order of names.</summary>
    internal static IEnumerable<StoredStream> WithPrefix(StoredGroup group, string prefix, StoredStream? after, bool isDescending)
    {
        // An ascending walk jumps to the prefix; a descending one has to skip the names behind it.
        if (!isDescending && (after is null || string.CompareOrdinal(after.Name, prefix) < 0))
        {
            var start = group.Streams.IndexOf(StoredStream.At(new(prefix)));
            return From(group.Streams, start < 0 ? ~start : start)
                .TakeWhile(stream => stream.Name.StartsWith(prefix, StringComparison.Ordinal));
        }

        return Range(group.Streams, after, isDescending)
            .SkipWhile(stream => isDescending
                && !stream.Name.StartsWith(prefix, StringComparison.Ordinal)
                && string.CompareOrdinal(stream.Name, prefix) > 0)
            .TakeWhile(stream => stream.Name.StartsWith(prefix, StringComparison.Ordinal));
    }

    private StoredStream? Find(LogStreamKey stream) => logs.FindGroup(stream.Group)?.FindStream(stream.Name);

    /// <summary>Enumerates a set from behind an item on; from its start, or its end, without one.</summary>
    private static IEnumerable<T> Range<T>(ImmutableSortedSet<T> set, T? after, bool isDescending)
        where T : class
    {
        if (after is null)
        {
            return isDescending ? set.Reverse() : set;
        }

        var index = set.IndexOf(after);
        return isDescending ? Down(set, (index < 0 ? ~index : index) - 1) : From(set, index < 0 ? ~index : index + 1);
    }

    private static IEnumerable<T> From<T>(ImmutableSortedSet<T> set, int index)
    {
        for (; index < set.Count; index++)
        {
            yield return set[index];
        }
    }

    private static IEnumerable<T> Down<T>(ImmutableSortedSet<T> set, int index)
    {
        for (; index >= 0; index--)
        {
            yield return set[index];
        }
    }
}
