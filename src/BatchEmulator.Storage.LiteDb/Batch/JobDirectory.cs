using System.Buffers.Binary;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// Ids of jobs and their places, in blocks that grow at the end, each a document as large as a page. An index of LiteDB over random ids
/// would cost more than everything else of a submission, since every new key changes nodes on about three pages. Used by the writer.
/// </summary>
internal sealed class JobDirectory
{
    /// <summary>Hash and place, 8 bytes each; zeros for a forgotten job or an unused entry.</summary>
    private const int EntrySize = 16;

    private const int EntriesPerBlock = 480;
    private const string Entries = "entries";

    private readonly PlaceTable _places;

    /// <summary>Lowest and highest places in each block.</summary>
    private readonly Dictionary<long, (long First, long Last)> _blocks = [];

    private long _number;
    private byte[] _entries = new byte[EntriesPerBlock * EntrySize];
    private int _count;
    private bool _isChanged;

    private JobDirectory(PlaceTable places) => _places = places;

    /// <summary>Reads the directory.</summary>
    /// <param name="session">Table to which all places are added.</param>
    /// <param name="places">Table that gets all places.</param>
    public static JobDirectory Load(LiteDbSession session, PlaceTable places)
    {
        var directory = new JobDirectory(places);
        foreach (var block in session.WalkIds(BatchSchema.JobIds, 0, long.MaxValue))
        {
            directory.Read(block[LiteDbSession.Id].AsInt64, block[Entries].AsBinary);
        }

        return directory;
    }

    /// <summary>Returns the hash by which an id is found. Stored: never to be changed.</summary>
    public static ulong HashOf(string id)
    {
        // FNV-1a, and the mixing of MurmurHash3, since look-ups use the upper bits.
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var unit in id)
        {
            hash = (hash ^ unit) * 1_099_511_628_211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }

    /// <summary>Adds a new job that is no part of another.</summary>
    public void Add(LiteDbSession session, Job job)
    {
        if (_count == EntriesPerBlock)
        {
            Save(session);
            (_number, _entries, _count) = (_number + 1, new byte[EntriesPerBlock * EntrySize], 0);
        }

        var hash = HashOf(job.Id);
        var entry = _entries.AsSpan(_count * EntrySize, EntrySize);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, hash);
        BinaryPrimitives.WriteInt64LittleEndian(entry[sizeof(ulong)..], job.Sequence);
        Note(_number, hash, job.Sequence);
        _count++;
        _isChanged = true;
    }

    /// <summary>Removes jobs that are forgotten.</summary>
    public void Remove(LiteDbSession session, IReadOnlyCollection<long> places)
    {
        Save(session);
        var removed = places.ToHashSet();
        var touched = _blocks.Where(block => removed.Any(place => place >= block.Value.First && place <= block.Value.Last))
            .Select(block => block.Key);
        foreach (var number in touched.ToList())
        {
            var entries = number == _number ? _entries : session.Find(BatchSchema.JobIds, number)![Entries].AsBinary;
            var isEmpty = true;
            for (var offset = 0; offset < entries.Length; offset += EntrySize)
            {
                var (hash, place) = EntryAt(entries, offset);
                if (removed.Contains(place))
                {
                    entries.AsSpan(offset, EntrySize).Clear();
                    _places.Remove(hash, place);
                }
                else
                {
                    isEmpty &= place == 0;
                }
            }

            if (isEmpty && number != _number)
            {
                session.Delete(BatchSchema.JobIds, number);
                _blocks.Remove(number);
            }
            else
            {
                Write(session, number, entries);
            }
        }
    }

    /// <summary>Writes the last block if it has changed.</summary>
    public void Save(LiteDbSession session)
    {
        if (_isChanged)
        {
            Write(session, _number, _entries);
            _isChanged = false;
        }
    }

    private static (ulong Hash, long Place) EntryAt(byte[] entries, int offset) => (
        BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(offset)),
        BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(offset + sizeof(ulong))));

    private static void Write(LiteDbSession session, long number, byte[] entries) =>
        session.Upsert(BatchSchema.JobIds, new BsonDocument { [LiteDbSession.Id] = number, [Entries] = entries });

    private void Read(long number, byte[] entries)
    {
        (_number, _entries, _count) = (number, entries, 0);
        for (var i = 0; i < EntriesPerBlock; i++)
        {
            var (hash, place) = EntryAt(entries, i * EntrySize);
            if (place != 0)
            {
                Note(number, hash, place);
                _count = i + 1;
            }
        }
    }

    private void Note(long block, ulong hash, long place)
    {
        _places.Add(hash, place);
        _blocks[block] = _blocks.TryGetValue(block, out var range)
            ? (Math.Min(range.First, place), Math.Max(range.Last, place))
            : (place, place);
    }
}
