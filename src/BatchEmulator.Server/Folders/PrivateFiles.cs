namespace BatchEmulator.Server.Folders;

/// <summary>
/// Files and folders that only the user of the server can read, whatever the umask: modes are set explicitly, since a umask for the whole
/// process would be inherited by jobs. On Windows the access list of the parent folder applies.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileModeOfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a folder with mode 0700; an existing one is left unchanged.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, FolderMode);
            File.SetUnixFileMode(path, FolderMode);
        }
    }

    /// <summary>
    /// Creates an empty file with mode 0600 unless it exists. SQLite gives its write-ahead log and shared memory the mode of the database.
    /// </summary>
    public static void CreateIfAbsent(string path)
    {
        // An existing database must not be opened here: closing it would release the POSIX locks of all connections of this process.
        if (!Path.Exists(path))
        {
            using var file = Open(path, FileMode.CreateNew, FileShare.ReadWrite);
        }
    }

    /// <summary>Opens a file for reading and writing, and gives it the mode 0600.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = FileModeOfOwner;
        var file = new FileStream(path, options);
        try
        {
            // Only excessive permissions are changed: another user's file that this user may write is used unchanged.
            if (File.GetUnixFileMode(file.SafeFileHandle) != FileModeOfOwner)
            {
                File.SetUnixFileMode(file.SafeFileHandle, FileModeOfOwner);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's file, or a file system without modes; the data folder warns once.
        }

        return file;
    }

    public static void WriteAllText(string path, string text) => WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Open(path, FileMode.Create, FileShare.Read);
        file.Write(bytes);
    }

    /// <summary>Removes all access of other users. Nothing is granted: a folder that its owner cannot write stays so.</summary>
    /// <exception cref="IOException">The file system has no modes.</exception>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public static void Tighten(FileSystemInfo entry)
    {
        if (OperatingSystem.IsWindows() || entry.LinkTarget is not null)
        {
            return;
        }

        var mode = entry.UnixFileMode;
        var tightened = mode & (entry is DirectoryInfo ? FolderMode : FileModeOfOwner);
        if (mode != tightened)
        {
            entry.UnixFileMode = tightened;
        }
    }
}
