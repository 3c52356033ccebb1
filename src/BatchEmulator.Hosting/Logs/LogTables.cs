using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

/// <summary>The writing side of <c>logs.db</c>: one connection, used by the writer only, and its transactions.</summary>
internal sealed class LogTables : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly LogCatalog _catalog;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;

    public LogTables(SqliteConnection connection, TimeProvider time)
    {
        _connection = connection;
        _catalog = new(connection, time);
        Events = new(connection, _catalog);
        Removal = new(connection, time);
        Groups = new(connection, _catalog, Events, Removal);
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
    }

    public LogEventTable Events { get; }

    public LogGroupTable Groups { get; }

    public LogRemoval Removal { get; }

    public LogCatalog Catalog => _catalog;

    /// <summary>Runs the work in one transaction: all of it is stored, or, when it throws, nothing.</summary>
    public void InTransaction(Action work)
    {
        _begin.Run();
        try
        {
            work();
            Events.Settle();
            _commit.Run();
        }
        catch
        {
            Events.Forget();
            _catalog.Forget();
            Removal.Pending = true;
            TryRollback();
            throw;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        Events.Dispose();
        _catalog.Dispose();
        _connection.Dispose();
    }

    private void TryRollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite ends a transaction by itself on some errors (a full disk); then there is none left to undo.
        }
    }
}
