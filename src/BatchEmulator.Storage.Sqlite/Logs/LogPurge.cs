using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>
/// A pass that removes a bounded number of events: those of removed streams and groups, and those past the retention of their group.
/// </summary>
internal sealed class LogPurge(SqliteConnection connection, long now, int limit)
{
    private const string OfGroup = "SELECT sequence FROM events WHERE group_id = $1 ORDER BY at, sequence LIMIT $2";
    private const string OfStream = "SELECT sequence FROM events WHERE stream_id = $1 ORDER BY at, sequence LIMIT $2";
    private const string Expired = "SELECT sequence FROM events WHERE group_id = $1 AND at < $3 ORDER BY at, sequence LIMIT $2";

    private int _room = limit;

    /// <returns>False if more remains to be removed.</returns>
    public bool Run()
    {
        foreach (var (id, groupId) in Rows("SELECT id, group_id FROM removed_streams LIMIT $1", _room))
        {
            if (!Remove(OfStream, id, groupId))
            {
                return false;
            }

            Run("DELETE FROM removed_streams WHERE id = $1", id);
        }

        foreach (var (id, _) in Rows("SELECT id, 0 FROM removed_groups LIMIT $1", _room))
        {
            if (!Remove(OfGroup, id, id) || !RemoveStreams(id))
            {
                return false;
            }

            Run("DELETE FROM removed_groups WHERE id = $1", id);
        }

        foreach (var (id, days) in Rows("SELECT id, retention_days FROM groups WHERE retention_days IS NOT NULL"))
        {
            var oldest = DateTimeOffset.FromUnixTimeMilliseconds(now).AddDays(-days).ToUnixTimeMilliseconds();
            if (!Remove(Expired, id, id, oldest))
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>False if the pass ended before everything was removed.</returns>
    private bool Remove(string selection, long id, long groupId, params ReadOnlySpan<object?> before)
    {
        if (_room <= 0)
        {
            return false;
        }

        using var delete = new SqliteStatement(
            connection, $"DELETE FROM events WHERE sequence IN ({selection}) RETURNING length(message)", 2 + before.Length);
        var sizes = delete.Rows(row => row.GetInt64(0), [id, _room, .. before]);
        if (sizes.Count > 0)
        {
            var bytes = sizes.Sum() + (sizes.Count * (long)LogEvent.OverheadBytes);
            Run("UPDATE groups SET stored_bytes = max(0, stored_bytes - $2) WHERE id = $1", groupId, bytes);
        }

        var complete = sizes.Count < _room;
        _room -= sizes.Count;
        return complete;
    }

    private bool RemoveStreams(long groupId)
    {
        var removed = Run("DELETE FROM streams WHERE id IN (SELECT id FROM streams WHERE group_id = $1 LIMIT $2)", groupId, _room);
        var complete = removed < _room;
        _room -= removed;
        return complete;
    }

    private List<(long Id, long Second)> Rows(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        return statement.Rows(row => (row.GetInt64(0), row.GetInt64(1)), values);
    }

    private int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        return statement.Run(values);
    }
}
