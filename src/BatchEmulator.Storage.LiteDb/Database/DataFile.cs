namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// The data file, in LiteDB's own format. Only checkpoints write it; LiteDB then flushes it, and only afterwards cuts the log.
/// </summary>
internal sealed class DataFile(PrivateFile file) : PageStream
{
    public override long Length => file.Length;

    public override void ReadPage(long position, Span<byte> page)
    {
        if (!file.TryRead(position, page))
        {
            throw new EndOfStreamException($"{file.Path} ends before page {position / PageFormat.Size}.");
        }
    }

    public override void WritePage(long position, ReadOnlySpan<byte> page) => file.Write(position, page);

    public override void SetLength(long value) => file.SetLength(value);

    public override void Flush() => file.FlushToDisk();

    /// <summary>Truncates the file behind the last page.</summary>
    public void Trim()
    {
        var header = new byte[PageFormat.Size];
        ReadPage(0, header);
        var length = (PageFormat.LastPageIdOf(header) + 1L) * PageFormat.Size;
        if (Length > length)
        {
            SetLength(length);
        }
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
