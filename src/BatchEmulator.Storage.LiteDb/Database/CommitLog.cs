using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// The log of commits, to which LiteDB appends the pages of each transaction. LiteDB 5 leaves them to the operating system, and after a
/// loss of power takes any content for a page. Here the last page of a transaction flushes all of them to the disk before the commit
/// counts, and every page has a checksum that continues the one before: the log is the gapless sequence of writes up to the last commit.
/// </summary>
/// <remarks>
/// It also records the pages of each commit, so that snapshots can read the pages of their version beside the writer. A version is the
/// number of commits since the file was opened. One thread writes; any number of threads read.
/// </remarks>
internal sealed class CommitLog : PageStream
{
    private const int RecordSize = PageFormat.Size + sizeof(uint);

    private readonly PrivateFile _file;
    private readonly bool _isFlushed;
    private readonly byte[] _record = new byte[RecordSize];
    private readonly Lock _lock = new();

    /// <summary>Versions of each page with their positions, oldest first.</summary>
    private readonly Dictionary<uint, List<(long Version, long Position)>> _pages = [];

    /// <summary>Pages of transactions that are not committed, by transaction.</summary>
    private readonly Dictionary<uint, List<(uint PageId, long Position)>> _pending = [];

    private long _length;
    private uint _checksum;
    private (long Length, uint Checksum) _committed;
    private uint _lastTransaction;
    private long _version;
    private int _generation;

    /// <summary>The first error since the last commit.</summary>
    private Exception? _failure;

    /// <summary>Finds the commits in the log, and truncates it behind the last one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isFlushed">True to wait for the disk at every commit; false to survive the end of the process only.</param>
    public CommitLog(PrivateFile file, bool isFlushed)
    {
        (_file, _isFlushed) = (file, isFlushed);
        var record = new byte[RecordSize];
        while (_file.TryRead(PhysicalOf(_length), record) && ChecksumOf(record) == NextChecksum(record.AsSpan(0, PageFormat.Size)))
        {
            Add(record.AsSpan(0, PageFormat.Size), ChecksumOf(record));
        }

        Revert();
    }

    public override long Length => _length;

    /// <summary>Number of commits so far.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Number of pages of the last commit.</summary>
    public int LastCommitSize { get; private set; }

    public override void ReadPage(long position, Span<byte> page)
    {
        if (position >= _length)
        {
            ThrowIfFailed();
        }

        if (!_file.TryRead(PhysicalOf(position), page))
        {
            throw EndBefore(position);
        }
    }

    /// <summary>Reads a page of a version.</summary>
    /// <returns>False if the page is in the data file.</returns>
    public bool TryReadPage(uint pageId, long version, Span<byte> page)
    {
        while (Find(pageId, version) is (var position, var generation))
        {
            var isRead = _file.TryRead(PhysicalOf(position), page);
            // A checkpoint may have truncated the log meanwhile: the data file then has the page.
            if (Volatile.Read(ref _generation) == generation)
            {
                return isRead ? true : throw EndBefore(position);
            }
        }

        return false;
    }

    /// <summary>
    /// Writes a page. An error is kept for <see cref="ThrowIfFailed"/>: a transaction of LiteDB that a stream interrupts cannot be ended
    /// any more, and its finalizer would end the process.
    /// </summary>
    public override void WritePage(long position, ReadOnlySpan<byte> page)
    {
        if (_failure is not null)
        {
            return;
        }

        if (position != _length)
        {
            throw new InvalidOperationException($"The log ends at {_length}; a page at {position} would leave a gap.");
        }

        var checksum = NextChecksum(page);
        page.CopyTo(_record);
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(PageFormat.Size), checksum);
        try
        {
            _file.Write(PhysicalOf(position), _record);
            if (_isFlushed && PageFormat.IsConfirmation(page))
            {
                _file.FlushToDisk();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = exception;
            return;
        }

        Add(page, checksum);
    }

    /// <summary>Throws the first error since the last commit. Called after every commit, which counts only then.</summary>
    /// <exception cref="IOException">The disk is full, or broken.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Commits a whole database in place of the present one.</summary>
    /// <param name="image">Pages of the database.</param>
    public void Replace(Span<byte> image)
    {
        var transaction = _lastTransaction + 1;
        // The header comes last: LiteDB, too, confirms a transaction with it.
        for (var start = image.Length - PageFormat.Size; start >= 0; start -= PageFormat.Size)
        {
            var page = image.Slice(start, PageFormat.Size);
            PageFormat.SetTransaction(page, transaction, isConfirmation: start == 0);
            WritePage(_length, page);
        }

        ThrowIfFailed();
    }

    /// <summary>Removes uncommitted pages.</summary>
    public void Revert()
    {
        (_length, _checksum) = _committed;
        _failure = null;
        _pending.Clear();
        _file.SetLength(PhysicalOf(_length));
    }

    /// <summary>Truncates the log after a checkpoint.</summary>
    public override void SetLength(long value)
    {
        if (value != 0)
        {
            throw new NotSupportedException("The log can only be truncated as a whole.");
        }

        lock (_lock)
        {
            _generation++;
            _pages.Clear();
        }

        _pending.Clear();
        (_length, _checksum, _committed) = (0, 0, default);
        _file.SetLength(0);
        // Otherwise old content of the log could follow the next commits.
        _file.FlushToDisk();
    }

    public override void Flush() => _file.FlushToDisk();

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    private static long PhysicalOf(long position) => position / PageFormat.Size * RecordSize;

    private static uint ChecksumOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[PageFormat.Size..]);

    private EndOfStreamException EndBefore(long position) => new($"{_file.Path} ends before page {position / PageFormat.Size}.");

    private uint NextChecksum(ReadOnlySpan<byte> page)
    {
        var checksum = ~_checksum;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(page))
        {
            checksum = BitOperations.Crc32C(checksum, word);
        }

        return checksum;
    }

    private (long Position, int Generation)? Find(uint pageId, long version)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(pageId, out var versions))
            {
                for (var i = versions.Count - 1; i >= 0; i--)
                {
                    if (versions[i].Version <= version)
                    {
                        return (versions[i].Position, _generation);
                    }
                }
            }

            return null;
        }
    }

    /// <summary>Records a page at the end of the log, and its transaction if that is its last page.</summary>
    private void Add(ReadOnlySpan<byte> page, uint checksum)
    {
        _lastTransaction = PageFormat.TransactionOf(page);
        if (!_pending.TryGetValue(_lastTransaction, out var pages))
        {
            _pending[_lastTransaction] = pages = [];
        }

        pages.Add((PageFormat.PageIdOf(page), _length));
        _length += PageFormat.Size;
        _checksum = checksum;
        if (PageFormat.IsConfirmation(page))
        {
            Commit(pages);
        }
    }

    private void Commit(List<(uint PageId, long Position)> pages)
    {
        lock (_lock)
        {
            var version = _version + 1;
            foreach (var (pageId, position) in pages)
            {
                if (!_pages.TryGetValue(pageId, out var versions))
                {
                    _pages[pageId] = versions = [];
                }

                versions.Add((version, position));
            }

            Interlocked.Exchange(ref _version, version);
        }

        _committed = (_length, _checksum);
        LastCommitSize = pages.Count;
        // With one writer, all other pending transactions were rolled back.
        _pending.Clear();
    }
}
