using BatchEmulator.Core.Identity;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Retention and tags of groups, and the removal of groups and streams. Each method checks before it changes.</summary>
internal sealed class LogGroupTable(SqliteConnection connection, LogCatalog catalog, LogEventTable events, LogRemoval removal)
{
    public void CreateGroup(
        Scope scope, string name, string groupClass, string? kmsKeyId, bool deletionProtected, IReadOnlyDictionary<string, string>? tags)
    {
        if (catalog.FindGroup(scope, name) is not null)
        {
            throw LogsException.GroupExists();
        }

        var id = catalog.AddGroup(scope, name, groupClass, kmsKeyId, deletionProtected);
        AddTags(id, tags ?? new Dictionary<string, string>());
    }

    public void CreateStream(Scope scope, string group, string name)
    {
        var groupId = catalog.RequireGroup(scope, group);
        if (catalog.FindStream(groupId, name) is not null)
        {
            throw LogsException.StreamExists();
        }

        catalog.AddStream(groupId, name);
    }

    public void DeleteGroup(Scope scope, string name)
    {
        var id = catalog.RequireGroup(scope, name);
        using (var isProtected = new SqliteStatement(connection, "SELECT deletion_protected FROM groups WHERE id = $1", 1))
        {
            if (isProtected.Number(id) == 1)
            {
                throw new LogsException("ValidationException", "The specified log group has deletion protection enabled.");
            }
        }

        events.Settle();
        Run("DELETE FROM tags WHERE group_id = $1", id);
        Run("DELETE FROM groups WHERE id = $1", id);
        Run("INSERT INTO removed_groups (id) VALUES ($1)", id);
        Removed();
    }

    public void DeleteStream(Scope scope, string group, string name)
    {
        var stream = catalog.RequireStream(scope, group, name);
        events.Settle();
        Run("DELETE FROM streams WHERE id = $1", stream.Id);
        Run("INSERT INTO removed_streams (id, group_id) VALUES ($1, $2)", stream.Id, stream.GroupId);
        Removed();
    }

    /// <summary>Null days: events are kept for ever.</summary>
    public void SetRetention(Scope scope, string group, int? days)
    {
        Run("UPDATE groups SET retention_days = $2 WHERE id = $1", catalog.RequireGroup(scope, group), days);
        removal.Pending = true;
    }

    public void Tag(Scope scope, string group, IReadOnlyDictionary<string, string> tags)
    {
        var id = catalog.RequireGroup(scope, group);
        using var read = new SqliteStatement(connection, "SELECT key FROM tags WHERE group_id = $1", 1);
        var keys = read.Rows(row => row.GetString(0), id).ToHashSet(StringComparer.Ordinal);
        keys.UnionWith(tags.Keys);
        if (keys.Count > LogLimits.MaxTags)
        {
            throw new LogsException("TooManyTagsException", $"A log group can have {LogLimits.MaxTags} tags at most.");
        }

        AddTags(id, tags);
    }

    public void Untag(Scope scope, string group, IReadOnlyList<string> keys)
    {
        var id = catalog.RequireGroup(scope, group);
        foreach (var key in keys)
        {
            Run("DELETE FROM tags WHERE group_id = $1 AND key = $2", id, key);
        }
    }

    public void DeleteAll()
    {
        events.Settle();

        // Without a condition SQLite drops the pages of a table as a whole.
        foreach (var table in (string[])["events", "streams", "groups", "tags", "removed_groups", "removed_streams"])
        {
            Run($"DELETE FROM {table}");
        }

        catalog.Forget();
    }

    private void Removed()
    {
        catalog.Forget();
        removal.Pending = true;
    }

    private void AddTags(long groupId, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
        {
            Run("INSERT INTO tags (group_id, key, value) VALUES ($1, $2, $3) ON CONFLICT (group_id, key) DO UPDATE SET value = excluded.value", groupId, key, value);
        }
    }

    // These are rare: compiling them each time costs less than keeping them.
    private void Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        statement.Run(values);
    }
}
