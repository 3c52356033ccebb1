using System.Text;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

internal sealed partial class LogQueries
{
    // Row values, so that the index gives both ends of the range.
    private const string Between = "(e.at, e.sequence) > ($2, $3) AND (e.at, e.sequence) < ($4, $5)";

    /// <summary>A page of a stream's events between two positions (both excluded), in order.</summary>
    /// <param name="fromEnd">The last events of the range instead of the first.</param>
    public List<LogEventRow> Events(long streamId, LogPosition after, LogPosition before, bool fromEnd, int limit)
    {
        var order = fromEnd ? "DESC" : "ASC";
        using var page = new SqliteStatement(
            connection,
            $"""
            SELECT e.at, e.sequence, e.ingested_at, e.message FROM events e INDEXED BY events_of_stream
            WHERE e.stream_id = $1 AND {Between} ORDER BY e.at {order}, e.sequence {order} LIMIT $6
            """,
            6);
        using var row = page.Open(streamId, after.At, after.Sequence, before.At, before.Sequence, limit);
        var events = new List<LogEventRow>();
        var bytes = 0;
        while (row.Read())
        {
            var item = Event(row);
            bytes += item.MessageBytes;
            if (bytes > LogLimits.MaxPageBytes && events.Count > 0)
            {
                break;
            }

            events.Add(item);
        }

        if (fromEnd)
        {
            events.Reverse();
        }

        return events;
    }

    /// <summary>The events of the whole group between two positions (both excluded), in order, each with its stream's name.</summary>
    /// <param name="prefix">Events of streams whose names begin otherwise come as well, but as not wanted: their number is bounded by the caller.</param>
    public IEnumerable<ScannedEvent> ScanGroup(long groupId, LogPosition after, LogPosition before, string prefix = "")
    {
        // LEFT JOIN: what is left of a deleted stream comes as not wanted instead of being skipped without a bound inside SQLite.
        using var scan = new SqliteStatement(
            connection,
            $"""
            SELECT e.at, e.sequence, e.ingested_at, e.message, s.name
            FROM events e INDEXED BY events_of_group LEFT JOIN streams s ON s.id = e.stream_id
            WHERE e.group_id = $1 AND {Between} ORDER BY e.at, e.sequence
            """,
            5);
        using var row = scan.Open(groupId, after.At, after.Sequence, before.At, before.Sequence);
        while (row.Read())
        {
            var stream = row.IsDBNull(4) ? null : row.GetString(4);
            yield return new(row, stream ?? "", stream?.StartsWith(prefix, StringComparison.Ordinal) == true);
        }
    }

    /// <summary>The same for a few streams of a group, whatever the others hold.</summary>
    public IEnumerable<ScannedEvent> ScanStreams(IReadOnlyCollection<LogStreamRow> streams, LogPosition after, LogPosition before)
    {
        var statements = new List<IDisposable>(streams.Count * 2);
        var heads = new PriorityQueue<ScannedEvent, LogPosition>();
        try
        {
            foreach (var stream in streams)
            {
                var scan = new SqliteStatement(
                    connection,
                    $"""
                    SELECT e.at, e.sequence, e.ingested_at, e.message FROM events e INDEXED BY events_of_stream
                    WHERE e.stream_id = $1 AND {Between} ORDER BY e.at, e.sequence
                    """,
                    5);
                statements.Add(scan);
                var row = scan.Open(stream.Id, after.At, after.Sequence, before.At, before.Sequence);
                statements.Add(row);
                Advance(heads, new(row, stream.Name, IsWanted: true));
            }

            while (heads.TryDequeue(out var head, out _))
            {
                yield return head;
                Advance(heads, head);
            }
        }
        finally
        {
            // Readers before their statements.
            for (var i = statements.Count - 1; i >= 0; i--)
            {
                statements[i].Dispose();
            }
        }
    }

    private static void Advance(PriorityQueue<ScannedEvent, LogPosition> heads, ScannedEvent stream)
    {
        if (stream.Row.Read())
        {
            heads.Enqueue(stream, stream.Position);
        }
    }

    private static LogEventRow Event(SqliteDataReader row)
    {
        var message = row.GetFieldValue<byte[]>(3);
        return new(new(row.GetInt64(0), row.GetInt64(1)), row.GetInt64(2), Encoding.UTF8.GetString(message), message.Length);
    }

    /// <summary>An event that a scan is at; its message is read only when asked for.</summary>
    internal readonly record struct ScannedEvent(SqliteDataReader Row, string Stream, bool IsWanted)
    {
        public LogPosition Position => new(Row.GetInt64(0), Row.GetInt64(1));

        public LogEventRow Read() => Event(Row);
    }
}
