using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Server.Tests.Logs;

/// <summary>Another process's lock on a SQLite file, e.g. that of a backup: nobody else can write.</summary>
internal sealed class WriteLock : IDisposable
{
    private readonly SqliteConnection _connection;

    public WriteLock(string path)
    {
        _connection = SqliteDatabase.OpenWriter(path);
        Run("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        Run("ROLLBACK");
        _connection.Dispose();
    }

    private void Run(string sql)
    {
        using var statement = new SqliteStatement(_connection, sql);
        statement.Run();
    }
}
