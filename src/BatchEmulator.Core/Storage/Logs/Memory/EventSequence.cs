using System.Collections.Immutable;

namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>
/// Events in the order of their positions, in chunks. A version never changes: an append uses free room of the last chunk, which no earlier
/// version reads, and every other change copies one chunk. Only the newest version may be changed.
/// </summary>
internal sealed class EventSequence
{
    public static readonly EventSequence Empty = new([], [], 0);

    private const int ChunkSize = 256;

    /// <summary>Initial size of the first chunk: most streams are short.</summary>
    private const int SmallestChunk = 4;

    /// <summary>All chunks except the last one; none of them is empty.</summary>
    private readonly ImmutableList<StoredEvent[]> _chunks;
    private readonly StoredEvent[] _last;
    private readonly int _lastCount;

    private EventSequence(ImmutableList<StoredEvent[]> chunks, StoredEvent[] last, int lastCount) =>
        (_chunks, _last, _lastCount) = (chunks, last, lastCount);

    public bool IsEmpty => _lastCount == 0;

    /// <summary>Adds an event. At the end this costs constant time, elsewhere the copy of a chunk.</summary>
    public EventSequence Add(StoredEvent item)
    {
        if (!IsEmpty && item.Position < _last[_lastCount - 1].Position)
        {
            return Insert(item);
        }

        if (_lastCount < _last.Length)
        {
            _last[_lastCount] = item;
            return new(_chunks, _last, _lastCount + 1);
        }

        var isFull = _last.Length >= ChunkSize;
        var last = new StoredEvent[isFull ? ChunkSize : Math.Clamp(_last.Length * 2, SmallestChunk, ChunkSize)];
        var count = isFull ? 0 : _lastCount;
        Array.Copy(_last, last, count);
        last[count] = item;
        return new(isFull ? _chunks.Add(_last) : _chunks, last, count + 1);
    }

    /// <summary>Removes the first events.</summary>
    /// <param name="count">Number of events to remove; at most the number that exist.</param>
    public EventSequence RemoveFirst(int count)
    {
        var whole = 0;
        while (whole < _chunks.Count && _chunks[whole].Length <= count)
        {
            count -= _chunks[whole++].Length;
        }

        var chunks = _chunks.RemoveRange(0, whole);
        return chunks.Count > 0
            ? new(chunks.SetItem(0, chunks[0][count..]), _last, _lastCount)
            : WithLast(chunks, _last.AsSpan(count.._lastCount));
    }

    /// <summary>Removes an event that exists.</summary>
    public EventSequence Remove(LogPosition position)
    {
        var index = FindChunk(position);
        var chunk = ChunkAt(index);
        var place = Place(chunk, position) - 1;
        StoredEvent[] rest = [.. chunk[..place], .. chunk[(place + 1)..]];
        return index == _chunks.Count ? WithLast(_chunks, rest)
            : rest.Length == 0 ? new(_chunks.RemoveAt(index), _last, _lastCount)
            : new(_chunks.SetItem(index, rest), _last, _lastCount);
    }

    /// <summary>Enumerates the events behind a position.</summary>
    public IEnumerable<StoredEvent> After(LogPosition position)
    {
        var first = FindChunk(position);
        for (var index = first; index <= _chunks.Count; index++)
        {
            var chunk = ChunkAt(index);
            for (var i = index == first ? Place(chunk, position) : 0; i < chunk.Count; i++)
            {
                yield return chunk[i];
            }
        }
    }

    /// <summary>Enumerates the events before a position, the last one first.</summary>
    public IEnumerable<StoredEvent> Before(LogPosition position)
    {
        var last = FindChunk(position);
        for (var index = last; index >= 0; index--)
        {
            var chunk = ChunkAt(index);
            for (var i = (index == last ? Place(chunk, position) : chunk.Count) - 1; i >= 0; i--)
            {
                if (chunk[i].Position < position)
                {
                    yield return chunk[i];
                }
            }
        }
    }

    private EventSequence Insert(StoredEvent item)
    {
        var index = FindChunk(item.Position);
        var chunk = ChunkAt(index);
        var place = Place(chunk, item.Position);
        StoredEvent[] whole = [.. chunk[..place], item, .. chunk[place..]];
        var isLast = index == _chunks.Count;
        if (whole.Length <= ChunkSize)
        {
            return isLast ? new(_chunks, whole, whole.Length) : new(_chunks.SetItem(index, whole), _last, _lastCount);
        }

        var (left, right) = (whole[..(ChunkSize / 2)], whole[(ChunkSize / 2)..]);
        return isLast
            ? new(_chunks.Add(left), right, right.Length)
            : new(_chunks.SetItem(index, left).Insert(index + 1, right), _last, _lastCount);
    }

    private static EventSequence WithLast(ImmutableList<StoredEvent[]> chunks, ReadOnlySpan<StoredEvent> last) =>
        !last.IsEmpty ? new(chunks, last.ToArray(), last.Length)
        : chunks.Count == 0 ? Empty
        : new(chunks.RemoveAt(chunks.Count - 1), chunks[^1], chunks[^1].Length);

    private ArraySegment<StoredEvent> ChunkAt(int index) => index < _chunks.Count ? new(_chunks[index]) : new(_last, 0, _lastCount);

    /// <summary>Returns the last chunk that begins at or before a position; the first one if none does.</summary>
    private int FindChunk(LogPosition position)
    {
        if (_lastCount > 0 && _last[0].Position <= position)
        {
            return _chunks.Count;
        }

        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _chunks[middle][0].Position <= position ? (middle + 1, high) : (low, middle);
        }

        return Math.Max(0, low - 1);
    }

    /// <summary>Returns the number of events of a chunk up to and including a position.</summary>
    private static int Place(ArraySegment<StoredEvent> chunk, LogPosition position)
    {
        var (low, high) = (0, chunk.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = chunk[middle].Position <= position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
