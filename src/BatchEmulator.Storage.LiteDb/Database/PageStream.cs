namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>A stream of whole pages, the only units that LiteDB reads and writes.</summary>
internal abstract class PageStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ReadPage(Position, PageOf(buffer, offset, count));
        Position += count;
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        WritePage(Position, PageOf(buffer, offset, count));
        Position += count;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Reads a page.</summary>
    /// <param name="position">Position of its first byte.</param>
    /// <param name="page">Its content.</param>
    /// <exception cref="EndOfStreamException">There is no such page.</exception>
    public abstract void ReadPage(long position, Span<byte> page);

    /// <summary>Writes a page.</summary>
    /// <param name="position">Position of its first byte.</param>
    /// <param name="page">Its content.</param>
    public abstract void WritePage(long position, ReadOnlySpan<byte> page);

    private Span<byte> PageOf(byte[] buffer, int offset, int count) => count == PageFormat.Size && Position % PageFormat.Size == 0
        ? buffer.AsSpan(offset, count)
        : throw new NotSupportedException($"{count} bytes at {Position} are no page.");
}
