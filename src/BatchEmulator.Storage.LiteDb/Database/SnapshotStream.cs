namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// The database after a commit, as a data file that cannot be written: each page comes from the log or from the data file.
/// </summary>
internal sealed class SnapshotStream(DataFile data, CommitLog log, long version) : PageStream
{
    private long? _length;

    public override bool CanWrite => false;

    /// <summary>Number of pages read so far.</summary>
    public int PagesRead { get; private set; }

    public override long Length => _length ??= (LastPageId + 1L) * PageFormat.Size;

    private uint LastPageId
    {
        get
        {
            var header = new byte[PageFormat.Size];
            ReadPage(0, header);
            return PageFormat.LastPageIdOf(header);
        }
    }

    public override void ReadPage(long position, Span<byte> page)
    {
        PagesRead++;
        if (log.TryReadPage((uint)(position / PageFormat.Size), version, page))
        {
            PageFormat.ClearTransaction(page);
        }
        else
        {
            data.ReadPage(position, page);
        }
    }

    public override void WritePage(long position, ReadOnlySpan<byte> page) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
