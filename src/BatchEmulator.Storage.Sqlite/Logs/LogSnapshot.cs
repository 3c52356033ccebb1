using System.Text;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>Content of <c>logs.db</c>, within a read transaction.</summary>
internal sealed class LogSnapshot(ReaderPool.Reader reader) : LogLookup(reader), ILogSnapshot
{
    /// <summary>Compares row values, so that the index limits the range at both ends.</summary>
    internal const string Between = "(e.at, e.sequence) > ($2, $3) AND (e.at, e.sequence) < ($4, $5)";

    public IReadOnlyList<LogGroup> Groups(LogGroupQuery query) => Reader
        .Prepare(
            $"""
            SELECT {GroupColumns} FROM groups
            WHERE account = $1 AND region = $2 AND name > $3 AND name >= $4 AND name < $4 || char(1114111)
                AND instr(lower(name), lower($5)) > 0 AND ($6 IS NULL OR class = $6)
            ORDER BY name LIMIT $7
            """,
            7)
        .Rows(Group, query.Scope.Account, query.Scope.Region, query.After, query.Prefix, query.Part, query.Class, query.Limit);

    public IReadOnlyList<LogStream> Streams(LogStreamQuery query) =>
        FindGroupId(query.Group) is not { } groupId ? []
        : query.IsByLastEvent ? StreamsByLastEvent(groupId, query)
        : StreamsByName(groupId, query);

    public IEnumerable<LogEvent> Events(LogStreamKey stream, LogPosition after, LogPosition before, bool isDescending = false)
    {
        if (FindStreamId(stream) is not { } streamId)
        {
            yield break;
        }

        var order = isDescending ? "DESC" : "ASC";
        using var events = Reader.Compile(
            $"""
            SELECT e.at, e.sequence, e.ingested_at, e.message FROM events e INDEXED BY events_of_stream
            WHERE e.stream_id = $1 AND {Between} ORDER BY e.at {order}, e.sequence {order}
            """,
            5);
        using var row = events.Open(streamId, after.At, after.Sequence, before.At, before.Sequence);
        while (row.Read())
        {
            yield return Event(row, stream.Name);
        }
    }

    public IEnumerable<LogScanStep> Scan(LogScanQuery query) =>
        FindGroupId(query.Group) is { } groupId ? new LogScan(Reader, groupId, query).Run() : [];

    internal static LogPosition Position(SqliteDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    internal static LogEvent Event(SqliteDataReader row, string stream)
    {
        var message = row.GetFieldValue<byte[]>(3);
        return new(stream, Position(row), row.GetInt64(2), Encoding.UTF8.GetString(message), message.Length);
    }

    private List<LogStream> StreamsByName(long groupId, LogStreamQuery query)
    {
        var (beyond, order) = query.IsDescending ? ("<", "DESC") : (">", "ASC");
        return Reader
            .Prepare(
                $"""
                SELECT {StreamColumns} FROM streams
                WHERE group_id = $1 AND name >= $2 AND name < $2 || char(1114111) AND ($3 IS NULL OR name {beyond} $3)
                ORDER BY name {order} LIMIT $4
                """,
                4)
            .Rows(Stream, groupId, query.Prefix, query.After?.Name, query.Limit);
    }

    private List<LogStream> StreamsByLastEvent(long groupId, LogStreamQuery query)
    {
        var (beyond, order) = query.IsDescending ? ("<", "DESC") : (">", "ASC");
        return Reader
            .Prepare(
                $"""
                SELECT {StreamColumns} FROM streams
                WHERE group_id = $1 AND ($2 IS NULL OR (last_at, name) {beyond} ($2, $3)) AND name >= $4 AND name < $4 || char(1114111)
                ORDER BY last_at {order}, name {order} LIMIT $5
                """,
                5)
            .Rows(Stream, groupId, query.After?.LastEventAt, query.After?.Name, query.Prefix, query.Limit);
    }
}
