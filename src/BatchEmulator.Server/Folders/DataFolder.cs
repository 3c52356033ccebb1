using BatchEmulator.Core;

namespace BatchEmulator.Server.Folders;

/// <summary>
/// The folder of all data; that of an ephemeral server holds only the files of running jobs. It belongs to one server at a time, and to one
/// user: the folder has mode 0700 and its files 0600.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";

    /// <summary>EWOULDBLOCK on Linux and macOS, and ERROR_SHARING_VIOLATION: the codes of a file that another process has locked.</summary>
    private static readonly int[] LockedCodes = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Files that a server writes here besides databases; a folder of the user's choice may hold other files.</summary>
    private static readonly string[] OwnFiles = [LockName, EphemeralFolders.MarkName, "outcomes.json*", "clock-lead"];

    private const string Elsewhere = "or name another folder with --data.";

    private readonly List<string> _remarks = [];
    private readonly FileStream _lock;
    private readonly bool _isEphemeral;

    /// <param name="path">Path of the folder; not used by an ephemeral server.</param>
    /// <param name="isEphemeral">True for a temporary folder.</param>
    /// <param name="databases">Names of databases; further files of a database have names that begin with its own.</param>
    /// <exception cref="StartException">The folder cannot be used.</exception>
    public DataFolder(string path, bool isEphemeral, IReadOnlyList<string> databases)
    {
        _isEphemeral = isEphemeral;
        try
        {
            Path = isEphemeral ? EphemeralFolders.Create() : Create(path);
            _lock = PrivateFiles.Open(File(LockName), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw IsLocked(exception)
                ? new StartException($"The data folder {Path} is in use by another running server. Stop that server, {Elsewhere}")
                : Refusal(Path ?? path, exception);
        }

        if (isEphemeral)
        {
            EphemeralFolders.Mark(Path);
        }

        Tighten(databases);
    }

    public string Path { get; }

    /// <summary>File of the lock that keeps other servers from the folder.</summary>
    public string LockFile => File(LockName);

    /// <summary>Folder with a subfolder for each running process.</summary>
    public string Attempts => File("attempts");

    /// <summary>Warnings about the folder, although it can be used.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Reports the failure to read or write in a data folder in one line; the exception names the file and the cause.</summary>
    public static StartException Refusal(string path, Exception exception) =>
        new($"The data folder {path} cannot be used: {OneLine(exception)} Make it writable for this user, {Elsewhere}");

    /// <summary>Takes the lock of a folder if no other server holds it.</summary>
    public static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_isEphemeral)
        {
            EphemeralFolders.Remove(Path, _lock);
        }

        _lock.Dispose();
    }

    private static string Create(string path)
    {
        if (System.IO.File.Exists(path))
        {
            throw new StartException($"The data folder {path} is a file. Name a folder with --data, or move the file away.");
        }

        PrivateFiles.CreateFolder(path);
        return System.IO.Path.GetFullPath(path);
    }

    private static bool IsLocked(Exception exception) =>
        exception.GetType() == typeof(IOException) && LockedCodes.Contains(exception.HResult);

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ");

    private void Tighten(IReadOnlyList<string> databases)
    {
        var folder = new DirectoryInfo(Path);
        folder = (DirectoryInfo?)folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder;
        if (IsShared(folder))
        {
            _remarks.Add($"The data folder {Path} is shared with other users and stays open to them; the files of the server do not.");
        }
        else
        {
            Tighten(folder);
        }

        foreach (var file in OwnFiles.Concat(databases.Select(name => name + "*")).SelectMany(folder.EnumerateFiles))
        {
            Tighten(file);
        }

        if (new DirectoryInfo(Attempts) is { Exists: true } attempts)
        {
            Tighten(attempts);
        }
    }

    private void Tighten(FileSystemInfo entry)
    {
        try
        {
            PrivateFiles.Tighten(entry);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // E.g. a mounted folder that belongs to another user.
            _remarks.Add($"Other users may be able to read {entry.FullName}, and its mode cannot be changed: {OneLine(exception)}");
        }
    }

    /// <summary>
    /// Returns true for a folder such as <c>/tmp</c> or the root of the file system: restricting it would lock everybody out.
    /// </summary>
    private static bool IsShared(DirectoryInfo folder) => folder.Parent is null
        || (!OperatingSystem.IsWindows() && folder.UnixFileMode.HasFlag(UnixFileMode.StickyBit));
}
