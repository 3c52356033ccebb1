using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

/// <summary>
/// Takes events away: those past the retention of their group, and those of deleted streams and groups. A pass removes a bounded
/// number, so that the lines of running jobs never wait for a large deletion.
/// </summary>
internal sealed class LogRemoval(SqliteConnection connection, TimeProvider time)
{
    private const string OfGroup = "SELECT sequence FROM events WHERE group_id = $1 ORDER BY at, sequence LIMIT $2";
    private const string OfStream = "SELECT sequence FROM events WHERE stream_id = $1 ORDER BY at, sequence LIMIT $2";
    private const string Expired = "SELECT sequence FROM events WHERE group_id = $1 AND at < $3 ORDER BY at, sequence LIMIT $2";

    /// <summary>There may be something to remove.</summary>
    public bool Pending { get; set; } = true;

    /// <summary>One pass; <see cref="Pending"/> tells whether another is needed.</summary>
    public void Pass()
    {
        var room = LogLimits.RemovedPerPass;
        foreach (var (id, groupId) in Rows("SELECT id, group_id FROM removed_streams LIMIT $1", room))
        {
            if (!Remove(OfStream, id, groupId, ref room))
            {
                return;
            }

            Run("DELETE FROM removed_streams WHERE id = $1", id);
        }

        foreach (var (id, _) in Rows("SELECT id, 0 FROM removed_groups LIMIT $1", room))
        {
            if (!Remove(OfGroup, id, id, ref room) || !RemoveStreams(id, ref room))
            {
                return;
            }

            Run("DELETE FROM removed_groups WHERE id = $1", id);
        }

        var now = time.GetUtcNow();
        foreach (var (id, days) in Rows("SELECT id, retention_days FROM groups WHERE retention_days IS NOT NULL AND $1 > 0", room))
        {
            if (!Remove(Expired, id, id, ref room, now.AddDays(-days).ToUnixTimeMilliseconds()))
            {
                return;
            }
        }

        Pending = false;
    }

    /// <returns>False when the pass ended before everything was removed.</returns>
    private bool Remove(string selection, long id, long groupId, ref int room, long? before = null)
    {
        if (room <= 0)
        {
            return false;
        }

        using var delete = new SqliteStatement(
            connection, $"DELETE FROM events WHERE sequence IN ({selection}) RETURNING length(message)", before is null ? 2 : 3);
        var sizes = before is null
            ? delete.Rows(row => row.GetInt64(0), id, room)
            : delete.Rows(row => row.GetInt64(0), id, room, before);
        if (sizes.Count > 0)
        {
            var bytes = sizes.Sum() + (sizes.Count * (long)LogLimits.EventOverheadBytes);
            Run("UPDATE groups SET stored_bytes = max(0, stored_bytes - $2) WHERE id = $1", groupId, bytes);
        }

        var complete = sizes.Count < room;
        room -= sizes.Count;
        return complete;
    }

    private bool RemoveStreams(long groupId, ref int room)
    {
        var removed = Run("DELETE FROM streams WHERE id IN (SELECT id FROM streams WHERE group_id = $1 LIMIT $2)", groupId, room);
        var complete = removed < room;
        room -= removed;
        return complete;
    }

    private List<(long Id, long Second)> Rows(string sql, int limit)
    {
        using var statement = new SqliteStatement(connection, sql, 1);
        return statement.Rows(row => (row.GetInt64(0), row.GetInt64(1)), limit);
    }

    private int Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        return statement.Run(values);
    }
}
