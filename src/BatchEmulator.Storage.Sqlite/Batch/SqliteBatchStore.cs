using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Keeps changes in a SQLite file: one transaction for the changes of a turn, on disk when it returns.</summary>
internal sealed class SqliteBatchStore : IBatchStore
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly BatchWriter _writer;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;

    /// <summary>Opens the file, creates or migrates it.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    /// <exception cref="SqliteException">The file is damaged, or cannot be opened.</exception>
    public SqliteBatchStore(string path)
    {
        _path = path;
        _connection = SqliteDatabase.OpenWriter(path);
        try
        {
            SqliteDatabase.Check(_connection);
            BatchSchema.Migrate(_connection);
            InstanceId = ReadOrCreateInstanceId();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }

        _writer = new BatchWriter(_connection);
        _begin = new SqliteStatement(_connection, "BEGIN IMMEDIATE", 0);
        _commit = new SqliteStatement(_connection, "COMMIT", 0);
    }

    /// <summary>Permanent name of this data folder; containers carry it as a label.</summary>
    public string InstanceId { get; }

    /// <exception cref="StartException">The file is damaged.</exception>
    public StoredState Load() => UnusableDatabase.Refused(_path, () => BatchLoader.Load(_connection));

    public void Commit(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        _begin.Run();
        _writer.Write(changes);
        _commit.Run();
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _writer.Dispose();
        _connection.Dispose();
    }

    private string ReadOrCreateInstanceId()
    {
        using var insert = new SqliteStatement(_connection, "INSERT OR IGNORE INTO meta (key, value) VALUES ('instance', $1)", 1);
        insert.Run(Guid.NewGuid().ToString("N"));
        using var select = new SqliteStatement(_connection, "SELECT value FROM meta WHERE key = 'instance'", 0);
        return select.Rows(row => row.GetString(0)).Single();
    }
}
