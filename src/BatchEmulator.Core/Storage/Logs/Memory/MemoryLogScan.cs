namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>Enumerates the events of a few streams, merged, or those of all streams by the sequence of the group.</summary>
internal sealed class MemoryLogScan(StoredGroup group, LogScanQuery query)
{
    /// <summary>Maximum number of merged streams; beyond it all events of the group are scanned.</summary>
    private const int MaximumMerged = 100;

    private readonly Dictionary<StreamIdentity, bool> _isSelected = [];

    public IEnumerable<LogScanStep> Run()
    {
        var streams = query.Streams is { } names ? Named(names) : query.StreamPrefix.Length > 0 ? WithPrefix() : null;
        return streams is { Count: <= MaximumMerged } ? Merge(streams) : Walk();
    }

    private List<StoredStream> Named(IReadOnlyCollection<string> names) =>
    [
        .. names.Where(name => name.StartsWith(query.StreamPrefix, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Select(group.FindStream)
            .OfType<StoredStream>(),
    ];

    private List<StoredStream> WithPrefix() =>
        [.. MemoryLogSnapshot.WithPrefix(group, query.StreamPrefix, after: null, isDescending: false).Take(MaximumMerged + 1)];

    private IEnumerable<LogScanStep> Walk() =>
        Between(group.Events)
            .Select(item => new LogScanStep(item.Position, IsSelected(item.Stream) ? MemoryLogSnapshot.Event(item) : null));

    private IEnumerable<LogScanStep> Merge(List<StoredStream> streams)
    {
        var heads = new PriorityQueue<IEnumerator<StoredEvent>, LogPosition>();
        foreach (var stream in streams)
        {
            Advance(heads, Between(stream.Events).GetEnumerator());
        }

        while (heads.TryDequeue(out var head, out var position))
        {
            yield return new(position, MemoryLogSnapshot.Event(head.Current));
            Advance(heads, head);
        }
    }

    private static void Advance(PriorityQueue<IEnumerator<StoredEvent>, LogPosition> heads, IEnumerator<StoredEvent> stream)
    {
        if (stream.MoveNext())
        {
            heads.Enqueue(stream, stream.Current.Position);
        }
    }

    private IEnumerable<StoredEvent> Between(EventSequence events) =>
        events.After(query.After).TakeWhile(item => item.Position < query.Before);

    /// <summary>Returns true if a stream exists, under the name that its events have, and was requested.</summary>
    private bool IsSelected(StreamIdentity identity)
    {
        if (!_isSelected.TryGetValue(identity, out var isSelected))
        {
            isSelected = identity.Name.StartsWith(query.StreamPrefix, StringComparison.Ordinal)
                && query.Streams?.Contains(identity.Name) != false
                && group.FindStream(identity.Name)?.Identity == identity;
            _isSelected.Add(identity, isSelected);
        }

        return isSelected;
    }
}
