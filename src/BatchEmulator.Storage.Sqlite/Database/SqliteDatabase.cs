using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Database;

/// <summary>Durability of commits, beyond the end of this process (which every commit survives).</summary>
internal enum CommitDurability
{
    /// <summary>Commits survive the loss of power: each reaches the disk before it returns.</summary>
    PowerLoss,

    /// <summary>
    /// Commits survive only the end of the process; after a power loss the newest ones may be missing, and the file is intact.
    /// </summary>
    ProcessLoss,
}

/// <summary>Opens SQLite files: one writer per file, and any number of readers beside it (WAL).</summary>
internal static class SqliteDatabase
{
    /// <summary>Another process (e.g. a backup) may lock the file for a moment.</summary>
    private const int BusyTimeoutMilliseconds = 5_000;

    /// <summary>
    /// Size to which the write-ahead log is truncated after a checkpoint, so that one burst does not keep the disk space.
    /// </summary>
    private const int JournalSizeLimitBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Size up to which files are checked when they are opened, which takes tens of milliseconds; others are checked as they are read.
    /// </summary>
    private const long CheckedAsAWhole = 16 * 1024 * 1024;

    private const int Corrupt = 11;

    // On first use: a process that stores nothing does not load the library.
    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens the file for writing, and creates it if needed, with mode 0600. A file has one writer at a time.</summary>
    public static SqliteConnection OpenWriter(string path, CommitDurability durability = CommitDurability.PowerLoss)
    {
        var synchronous = durability == CommitDurability.PowerLoss ? "FULL" : "NORMAL";
        CreateIfAbsent(path);
        return Open(
            path,
            SqliteOpenMode.ReadWriteCreate,
            $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; "
                + $"PRAGMA journal_size_limit={JournalSizeLimitBytes}; PRAGMA foreign_keys=OFF;");
    }

    /// <summary>
    /// Creates an empty file that only its owner can read, unless it exists. SQLite gives its write-ahead log and shared memory the mode of
    /// the database.
    /// </summary>
    private static void CreateIfAbsent(string path)
    {
        // An existing database must not be opened here: closing it would release the POSIX locks of all connections of this process.
        if (Path.Exists(path))
        {
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (OperatingSystem.IsWindows())
        {
            using var file = new FileStream(path, options);
        }
        else
        {
            options.UnixCreateMode = Mode;
            using var file = new FileStream(path, options);
            // A umask may remove the owner's rights.
            File.SetUnixFileMode(file.SafeFileHandle, Mode);
        }
    }

    /// <summary>Opens an existing file for reading only. It sees every commit made before the beginning of its statement.</summary>
    public static SqliteConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly, "PRAGMA query_only=ON;");

    /// <summary>Checks for damage, so that it is found at the start and not by the request that first reads the damaged part.</summary>
    /// <exception cref="SqliteException">The file is damaged.</exception>
    public static void Check(SqliteConnection connection)
    {
        if (new FileInfo(connection.DataSource) is not { Exists: true, Length: <= CheckedAsAWhole })
        {
            return;
        }

        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() is string answer and not "ok")
        {
            throw new SqliteException($"{answer}.", Corrupt);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // The stores have their own connections; a second pool would hold files open after Dispose.
            Pooling = false,
        };
        var connection = new SqliteConnection(connectionString.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA busy_timeout={BusyTimeoutMilliseconds}; {pragmas}";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
