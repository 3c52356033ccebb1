using Microsoft.Win32.SafeHandles;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Reads and writes a file that only its owner can open. Nothing is buffered here.</summary>
internal sealed class PrivateFile : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _file;

    /// <summary>Opens the file, and creates it with mode 0600 if needed.</summary>
    public PrivateFile(string path)
    {
        Path = path;
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        };
        var isNew = !File.Exists(path);
        if (OperatingSystem.IsWindows())
        {
            _file = new FileStream(path, options);
            return;
        }

        options.UnixCreateMode = Mode;
        _file = new FileStream(path, options);
        if (isNew)
        {
            // A umask may remove the owner's rights.
            File.SetUnixFileMode(Handle, Mode);
        }
    }

    public string Path { get; }

    /// <summary>Number of waits for the disk.</summary>
    public int Flushes { get; private set; }

    public long Length => RandomAccess.GetLength(Handle);

    private SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Reads bytes until the buffer is full.</summary>
    /// <returns>False if the file is too short.</returns>
    public bool TryRead(long position, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(Handle, buffer, position);
            if (read == 0)
            {
                return false;
            }

            position += read;
            buffer = buffer[read..];
        }

        return true;
    }

    public void Write(long position, ReadOnlySpan<byte> bytes) => RandomAccess.Write(Handle, bytes, position);

    public void SetLength(long length) => RandomAccess.SetLength(Handle, length);

    /// <summary>Completes all writes to the disk.</summary>
    public void FlushToDisk()
    {
        RandomAccess.FlushToDisk(Handle);
        Flushes++;
    }

    public void Dispose() => _file.Dispose();
}
