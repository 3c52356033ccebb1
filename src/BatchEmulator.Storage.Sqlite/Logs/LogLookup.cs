using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>Finds groups and streams by their names, on the connection of a reader or of the writer.</summary>
internal class LogLookup(ReaderPool.Reader reader) : ILogLookup
{
    protected const string GroupColumns = "name, created_at, class, kms_key_id, deletion_protected, retention_days, stored_bytes";
    protected const string StreamColumns = "name, created_at, lines, first_at, last_at, ingested_at";

    protected ReaderPool.Reader Reader => reader;

    public LogGroup? FindGroup(LogGroupKey group) => reader
        .Prepare($"SELECT {GroupColumns} FROM groups WHERE account = $1 AND region = $2 AND name = $3", 3)
        .Rows(Group, group.Scope.Account, group.Scope.Region, group.Name)
        .FirstOrDefault();

    public LogStream? FindStream(LogStreamKey stream) => FindGroupId(stream.Group) is { } groupId
        ? reader.Prepare($"SELECT {StreamColumns} FROM streams WHERE group_id = $1 AND name = $2", 2).Rows(Stream, groupId, stream.Name)
            .FirstOrDefault()
        : null;

    public IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group) => FindGroupId(group) is { } groupId
        ? reader.Prepare("SELECT key, value FROM tags WHERE group_id = $1 ORDER BY key", 1)
            .Rows(row => KeyValuePair.Create(row.GetString(0), row.GetString(1)), groupId)
            .ToDictionary(StringComparer.Ordinal)
        : null;

    protected long? FindGroupId(LogGroupKey group) => reader
        .Prepare("SELECT id FROM groups WHERE account = $1 AND region = $2 AND name = $3", 3)
        .Number(group.Scope.Account, group.Scope.Region, group.Name);

    protected long? FindStreamId(LogStreamKey stream) => FindGroupId(stream.Group) is { } groupId
        ? reader.Prepare("SELECT id FROM streams WHERE group_id = $1 AND name = $2", 2).Number(groupId, stream.Name)
        : null;

    protected static LogGroup Group(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        new LogGroupSettings(row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetBoolean(4)),
        row.IsDBNull(5) ? null : row.GetInt32(5),
        row.GetInt64(6));

    protected static LogStream Stream(SqliteDataReader row)
    {
        // The time of the latest event is 0, not null, while there is none: streams are ordered by it.
        var hasEvents = !row.IsDBNull(3);
        return new(
            row.GetString(0),
            row.GetInt64(1),
            row.GetInt64(2),
            hasEvents ? row.GetInt64(3) : null,
            hasEvents ? row.GetInt64(4) : null,
            row.IsDBNull(5) ? null : row.GetInt64(5));
    }
}
