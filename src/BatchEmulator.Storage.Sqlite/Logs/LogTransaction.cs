using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>
/// Changes of <c>logs.db</c> on the writer's connection. One object serves all transactions, so that its statements are compiled once.
/// </summary>
internal sealed class LogTransaction : ILogTransaction, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly LogCatalog _catalog;
    private readonly LogEventTable _events;
    private readonly ReaderPool.Reader _reader;
    private readonly LogLookup _lookup;

    public LogTransaction(SqliteConnection connection)
    {
        _connection = connection;
        _catalog = new(connection);
        _events = new(connection, _catalog);
        _reader = new(connection);
        _lookup = new(_reader);
    }

    public void Begin(DateTimeOffset now) => _catalog.Begin(now);

    /// <summary>Completes the rows before the commit.</summary>
    public void Flush() => _events.Flush();

    /// <summary>Discards the additions, because the transaction was undone.</summary>
    public void Forget()
    {
        _events.Forget();
        _catalog.Forget();
    }

    public LogGroup? FindGroup(LogGroupKey group)
    {
        _events.Flush();
        return _lookup.FindGroup(group);
    }

    public LogStream? FindStream(LogStreamKey stream)
    {
        _events.Flush();
        return _lookup.FindStream(stream);
    }

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => _lookup.FindTags(group);

    public bool AddGroup(LogGroupKey group, LogGroupSettings settings)
    {
        if (_catalog.FindGroup(group) is not null)
        {
            return false;
        }

        _catalog.AddGroup(group, settings);
        return true;
    }

    public bool RemoveGroup(LogGroupKey group)
    {
        if (_catalog.FindGroup(group) is not { } id)
        {
            return false;
        }

        _events.Flush();
        Run("DELETE FROM tags WHERE group_id = $1", id);
        Run("DELETE FROM groups WHERE id = $1", id);
        Run("INSERT INTO removed_groups (id) VALUES ($1)", id);
        _catalog.Forget();
        return true;
    }

    public bool SetRetention(LogGroupKey group, int? days) =>
        _catalog.FindGroup(group) is { } id && Run("UPDATE groups SET retention_days = $2 WHERE id = $1", id, days) == 1;

    public bool PatchTags(LogGroupKey group, IReadOnlyDictionary<string, string?> patch)
    {
        if (_catalog.FindGroup(group) is not { } id)
        {
            return false;
        }

        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                Run("DELETE FROM tags WHERE group_id = $1 AND key = $2", id, key);
            }
            else
            {
                Run(
                    "INSERT INTO tags (group_id, key, value) VALUES ($1, $2, $3) "
                        + "ON CONFLICT (group_id, key) DO UPDATE SET value = excluded.value",
                    id, key, value);
            }
        }

        return true;
    }

    public bool AddStream(LogStreamKey stream)
    {
        _catalog.OpenStream(stream, out var isNew);
        return isNew;
    }

    public bool RemoveStream(LogStreamKey stream)
    {
        if (_catalog.FindStream(stream) is not { } open)
        {
            return false;
        }

        _events.Flush();
        Run("DELETE FROM streams WHERE id = $1", open.Id);
        Run("INSERT INTO removed_streams (id, group_id) VALUES ($1, $2)", open.Id, open.GroupId);
        _catalog.Forget();
        return true;
    }

    public void AppendLine(LogStreamKey stream, LogLine line) => _events.AppendLine(stream, line);

    public bool AddEvents(LogStreamKey stream, IReadOnlyList<NewLogEvent> events)
    {
        if (_catalog.FindStream(stream) is not { } open)
        {
            return false;
        }

        _events.Add(open, events);
        return true;
    }

    public void RemoveAll()
    {
        _events.Flush();

        // Without a condition SQLite drops the pages of a table as a whole.
        foreach (var table in (string[])["events", "streams", "groups", "tags", "removed_groups", "removed_streams"])
        {
            Run($"DELETE FROM {table}");
        }

        _catalog.Forget();
    }

    public bool Purge(int limit)
    {
        _events.Flush();
        return new LogPurge(_connection, _catalog.Now, limit).Run();
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _events.Dispose();
        // With the connection.
        _reader.Dispose();
    }

    // These are rare: compiling them each time costs less than keeping them.
    private int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new SqliteStatement(_connection, sql, values.Length);
        return statement.Run(values);
    }
}
