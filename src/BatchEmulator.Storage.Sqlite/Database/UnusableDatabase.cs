using System.Text.Json;
using BatchEmulator.Core;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Database;

/// <summary>Reports the failure to open or read a database in one line: the file, the cause, and the remedy.</summary>
internal static class UnusableDatabase
{
    private const string Elsewhere = "or name another folder with --data.";

    /// <summary>The first bytes of every database (sqlite.org/fileformat.html).</summary>
    private static ReadOnlySpan<byte> Header => "SQLite format 3\0"u8;

    // Result codes of SQLite (sqlite.org/rescode.html).
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <exception cref="StartException">The database cannot be used.</exception>
    public static T Refused<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is SqliteException or InvalidDataException or JsonException or FormatException
            or InvalidCastException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(LineOf(path, exception).ReplaceLineEndings(" "));
        }
    }

    /// <summary>Returns true if the content of the file is the problem: it is damaged, or of an unknown version.</summary>
    public static bool HasBadContent(Exception exception) =>
        exception is InvalidDataException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>
    /// Refuses a file that is no database before SQLite opens it: SQLite takes an empty file for a new database, and deletes the
    /// write-ahead log of a file that it does not recognize, with all data that could still be recovered. Only before the first connection
    /// of this process.
    /// </summary>
    /// <param name="path">Path of the database.</param>
    /// <param name="younger">A file that exists only if the database has once had content; null if there is none.</param>
    /// <exception cref="SqliteException">The file is no database.</exception>
    public static void RefuseBadHeader(string path, string? younger = null)
    {
        // A link to a file that does not exist yet: the user keeps the file on another disk.
        if (!File.Exists(path) || File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false })
        {
            return;
        }

        var header = new byte[Header.Length];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) is > 0 and var read)
        {
            if (!Header.StartsWith(header.AsSpan(0, read)))
            {
                throw new SqliteException("the file is not a database.", NotADatabase);
            }
        }
        else if (File.Exists(younger) || new FileInfo(path + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new SqliteException("the file is empty, but had content.", Corrupt);
        }
    }

    private static string LineOf(string path, Exception exception) => exception switch
    {
        InvalidDataException =>
            $"{path} cannot be read: {exception.Message} Start the version that wrote it, {Elsewhere}",
        SqliteException { SqliteErrorCode: CannotOpen or Permission or ReadOnly } =>
            $"{path} cannot be opened for writing: {CauseOf(path) ?? exception.Message} Make it writable for this user, {Elsewhere}",
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            $"{path} is in use by another program. End that program, {Elsewhere}",
        SqliteException { SqliteErrorCode: Full } =>
            $"{path} cannot be written, because the disk is full. Free some space, {Elsewhere}",
        IOException or UnauthorizedAccessException =>
            $"{path} cannot be opened: {exception.Message} Make it accessible for this user, {Elsewhere}",
        SqliteException { SqliteErrorCode: not (Corrupt or NotADatabase) } =>
            $"{path} cannot be used: {exception.Message} Check the disk, {Elsewhere}",
        _ =>
            $"{path} is damaged: {exception.Message} Restore a backup, or move it and {Path.GetFileName(path)}-* away to start over.",
    };

    /// <summary>Finds the cause that SQLite does not report. No connection is open, so that nobody's locks are lost by this.</summary>
    private static string? CauseOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
