using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>
/// Keeps logs in a separate SQLite file, so that the output of jobs never delays their scheduling: one connection writes, and others read
/// beside it.
/// </summary>
internal sealed class SqliteLogStore : ILogStore
{
    private readonly LogTransaction _transaction;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly ReaderPool _readers;

    private SqliteLogStore(string path, SqliteConnection connection)
    {
        _transaction = new(connection);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _readers = new(path);
    }

    /// <summary>The damaged file that was set aside when the store was opened; null if there was none.</summary>
    public SetAsideFile? SetAside { get; private init; }

    /// <summary>
    /// Opens the file, and creates it if needed. A file that is damaged or of a newer version is set aside, and a new one begun: old output
    /// must not prevent jobs from running.
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static SqliteLogStore Open(string path, DateTimeOffset now)
    {
        try
        {
            return OpenFile(path);
        }
        catch (Exception exception) when (UnusableDatabase.HasBadContent(exception))
        {
            return OpenFile(path, new SetAsideFile(path, LogFiles.SetAside(path, now), exception.Message));
        }
    }

    public void Write(DateTimeOffset now, Action<ILogTransaction> change)
    {
        try
        {
            _begin.Run();
            try
            {
                _transaction.Begin(now);
                change(_transaction);
                _transaction.Flush();
                _commit.Run();
            }
            catch
            {
                _transaction.Forget();
                TryRollback();
                throw;
            }
        }
        catch (SqliteException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
    }

    public T Read<T>(Func<ILogSnapshot, T> read) => _readers.Read(reader => read(new LogSnapshot(reader)));

    public void Dispose()
    {
        // The writer last: the last connection to close moves the write-ahead log into the file, and readers cannot.
        _readers.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _transaction.Dispose();
    }

    private static SqliteLogStore OpenFile(string path, SetAsideFile? setAside = null)
    {
        UnusableDatabase.RefuseBadHeader(path);
        var connection = SqliteDatabase.OpenWriter(path, CommitDurability.ProcessLoss);
        try
        {
            SqliteDatabase.Check(connection);
            LogSchema.Migrate(connection);
            // The busy timeout of the file is sufficient: the provider would retry for half a minute by default.
            connection.DefaultTimeout = 1;
            return new(path, connection) { SetAside = setAside };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void TryRollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite ends a transaction by itself on some errors (a full disk); then there is none to undo.
        }
    }
}
