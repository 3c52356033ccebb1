namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Places of jobs in the total order by hashes of their ids: 8 bytes for a slot, of which at most three quarters are used. It may return
/// places of other jobs too, rarely. One thread writes; any number of threads read.
/// </summary>
/// <remarks>
/// A slot holds the upper bits of the hash and the place plus one; the uppermost bits also determine the start of a search, so that the
/// table can grow without the hashes.
/// </remarks>
internal sealed class PlaceTable
{
    private const int PlaceBits = 36;
    private const int FewestBits = 10;
    private const ulong PlaceMask = (1UL << PlaceBits) - 1;

    /// <summary>A slot that was used: searches continue behind it. It has no place.</summary>
    private const ulong Removed = 1UL << PlaceBits;

    private readonly Lock _lock = new();
    private ulong[] _slots = new ulong[1 << FewestBits];
    private int _bits = FewestBits;
    private int _used;

    /// <summary>Adds a place, unless it exists.</summary>
    public void Add(ulong hash, long place)
    {
        lock (_lock)
        {
            if ((_used + 1) * 4L > _slots.Length * 3L)
            {
                Rebuild();
            }

            Insert(SlotOf(hash, place));
        }
    }

    /// <summary>Removes a place, if it exists.</summary>
    public void Remove(ulong hash, long place)
    {
        lock (_lock)
        {
            var slot = SlotOf(hash, place);
            for (var i = StartOf(slot); _slots[i] != 0; i = Next(i))
            {
                if (_slots[i] == slot)
                {
                    _slots[i] = Removed;
                    return;
                }
            }
        }
    }

    /// <summary>Finds all places that were added with a hash.</summary>
    public List<long> Find(ulong hash)
    {
        var places = new List<long>(1);
        lock (_lock)
        {
            var wanted = SlotOf(hash, place: -1);
            for (var i = StartOf(wanted); _slots[i] != 0; i = Next(i))
            {
                if ((_slots[i] & ~PlaceMask) == wanted && _slots[i] != Removed)
                {
                    places.Add((long)(_slots[i] & PlaceMask) - 1);
                }
            }
        }

        return places;
    }

    public void Clear()
    {
        lock (_lock)
        {
            (_slots, _bits, _used) = (new ulong[1 << FewestBits], FewestBits, 0);
        }
    }

    private static ulong SlotOf(ulong hash, long place) => place + 1 < 1L << PlaceBits
        ? (hash & ~PlaceMask) | (ulong)(place + 1)
        : throw new ArgumentOutOfRangeException(nameof(place));

    private int StartOf(ulong slot) => (int)(slot >> (64 - _bits));

    private int Next(int index) => (index + 1) & (_slots.Length - 1);

    private void Insert(ulong slot)
    {
        var i = StartOf(slot);
        for (; _slots[i] != 0; i = Next(i))
        {
            if (_slots[i] == slot)
            {
                return;
            }
        }

        _slots[i] = slot;
        _used++;
    }

    /// <summary>Makes room: drops removed slots, and doubles the table if it is still more than half full.</summary>
    private void Rebuild()
    {
        var slots = Array.FindAll(_slots, slot => (slot & PlaceMask) != 0);
        _bits += slots.Length * 2 > _slots.Length ? 1 : 0;
        (_slots, _used) = (new ulong[1 << _bits], 0);
        Array.ForEach(slots, Insert);
    }
}
