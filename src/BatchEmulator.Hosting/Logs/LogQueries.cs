using BatchEmulator.Core.Identity;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

/// <summary>The reading side of <c>logs.db</c>, within one snapshot.</summary>
internal sealed partial class LogQueries(SqliteConnection connection)
{
    private const string GroupColumns = "id, name, created_at, retention_days, stored_bytes, class, kms_key_id, deletion_protected";
    private const string StreamColumns = "id, name, created_at, first_at, last_at, ingested_at";

    public LogGroupRow? FindGroup(Scope scope, string name)
    {
        using var find = new SqliteStatement(
            connection, $"SELECT {GroupColumns} FROM groups WHERE account = $1 AND region = $2 AND name = $3", 3);
        return find.Rows(Group, scope.Account, scope.Region, name).FirstOrDefault();
    }

    public LogGroupRow RequireGroup(Scope scope, string name) => FindGroup(scope, name) ?? throw LogsException.GroupNotFound();

    /// <summary>Groups in the order of their names, those after <paramref name="after"/>.</summary>
    /// <param name="prefix">How the name begins; empty for all.</param>
    /// <param name="part">What the name contains, in any case; empty for all.</param>
    public List<LogGroupRow> Groups(Scope scope, string prefix, string part, string? groupClass, string after, int limit)
    {
        using var page = new SqliteStatement(
            connection,
            $"""
            SELECT {GroupColumns} FROM groups
            WHERE account = $1 AND region = $2 AND name > $3 AND name >= $4 AND name < $4 || char(1114111)
                AND instr(lower(name), lower($5)) > 0 AND ($6 IS NULL OR class = $6)
            ORDER BY name LIMIT $7
            """,
            7);
        return page.Rows(Group, scope.Account, scope.Region, after, prefix, part, groupClass, limit);
    }

    public Dictionary<string, string> Tags(long groupId)
    {
        using var tags = new SqliteStatement(connection, "SELECT key, value FROM tags WHERE group_id = $1 ORDER BY key", 1);
        return tags.Rows(row => (row.GetString(0), row.GetString(1)), groupId).ToDictionary(t => t.Item1, t => t.Item2, StringComparer.Ordinal);
    }

    public LogStreamRow? FindStream(long groupId, string name)
    {
        using var find = new SqliteStatement(connection, $"SELECT {StreamColumns} FROM streams WHERE group_id = $1 AND name = $2", 2);
        return find.Rows(Stream, groupId, name).FirstOrDefault();
    }

    public LogStreamRow RequireStream(Scope scope, string group, string stream) =>
        FindStream(RequireGroup(scope, group).Id, stream) ?? throw LogsException.StreamNotFound();

    /// <summary>Streams by name, those beyond <paramref name="after"/> (null: from the start).</summary>
    public List<LogStreamRow> StreamsByName(long groupId, string prefix, string? after, bool descending, int limit)
    {
        var (beyond, order) = descending ? ("<", "DESC") : (">", "ASC");
        using var page = new SqliteStatement(
            connection,
            $"""
            SELECT {StreamColumns} FROM streams
            WHERE group_id = $1 AND name >= $2 AND name < $2 || char(1114111) AND ($3 IS NULL OR name {beyond} $3)
            ORDER BY name {order} LIMIT $4
            """,
            4);
        return page.Rows(Stream, groupId, prefix, after, limit);
    }

    /// <summary>Streams by the time of their newest event, those without events as if it were 0; equal ones by name.</summary>
    public List<LogStreamRow> StreamsByLastEvent(long groupId, (long At, string Name)? after, bool descending, int limit)
    {
        var (beyond, order) = descending ? ("<", "DESC") : (">", "ASC");
        using var page = new SqliteStatement(
            connection,
            $"""
            SELECT {StreamColumns} FROM streams
            WHERE group_id = $1 AND ($2 IS NULL OR (last_at, name) {beyond} ($2, $3))
            ORDER BY last_at {order}, name {order} LIMIT $4
            """,
            4);
        return page.Rows(Stream, groupId, after?.At, after?.Name, limit);
    }

    public long CountLines(Scope scope, string group, string stream)
    {
        using var count = new SqliteStatement(
            connection,
            """
            SELECT s.lines FROM groups g JOIN streams s ON s.group_id = g.id
            WHERE g.account = $1 AND g.region = $2 AND g.name = $3 AND s.name = $4
            """,
            4);
        return count.Number(scope.Account, scope.Region, group, stream) ?? 0;
    }

    private static LogGroupRow Group(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt64(2),
        row.IsDBNull(3) ? null : row.GetInt32(3),
        row.GetInt64(4),
        row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6),
        row.GetBoolean(7));

    private static LogStreamRow Stream(SqliteDataReader row)
    {
        var hasEvents = !row.IsDBNull(3);
        return new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetInt64(2),
            hasEvents ? row.GetInt64(3) : null,
            hasEvents ? row.GetInt64(4) : null,
            row.IsDBNull(5) ? null : row.GetInt64(5));
    }
}
