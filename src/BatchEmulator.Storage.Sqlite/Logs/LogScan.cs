using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>
/// Enumerates the events of a few streams by their own index, whatever the others hold, or of all streams by the index of the group.
/// </summary>
internal sealed class LogScan(ReaderPool.Reader reader, long groupId, LogScanQuery query)
{
    /// <summary>Maximum number of merged streams; beyond it the whole group's events are read.</summary>
    internal const int MaximumMerged = 100;

    public IEnumerable<LogScanStep> Run()
    {
        var streams = query.Streams is { } names ? Named(names) : query.StreamPrefix.Length > 0 ? WithPrefix() : null;
        return streams is { Count: <= MaximumMerged } ? Merge(streams) : Walk();
    }

    private List<(long Id, string Name)> Named(IReadOnlyCollection<string> names)
    {
        var find = reader.Prepare("SELECT id, name FROM streams WHERE group_id = $1 AND name = $2", 2);
        return [.. names
            .Where(name => name.StartsWith(query.StreamPrefix, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .SelectMany(name => find.Rows(Stream, groupId, name))];
    }

    private List<(long Id, string Name)> WithPrefix() => reader
        .Prepare("SELECT id, name FROM streams WHERE group_id = $1 AND name >= $2 AND name < $2 || char(1114111) LIMIT $3", 3)
        .Rows(Stream, groupId, query.StreamPrefix, MaximumMerged + 1);

    private IEnumerable<LogScanStep> Walk()
    {
        // LEFT JOIN: an event of a removed stream is returned as a position instead of being skipped without a bound inside SQLite.
        using var scan = reader.Compile(
            $"""
            SELECT e.at, e.sequence, e.ingested_at, e.message, s.name
            FROM events e INDEXED BY events_of_group LEFT JOIN streams s ON s.id = e.stream_id
            WHERE e.group_id = $1 AND {LogSnapshot.Between} ORDER BY e.at, e.sequence
            """,
            5);
        using var row = Open(scan, groupId);
        while (row.Read())
        {
            var stream = row.IsDBNull(4) ? null : row.GetString(4);
            yield return stream is not null && IsSelected(stream) ? Step(row, stream) : new(LogSnapshot.Position(row), null);
        }
    }

    private bool IsSelected(string stream) =>
        stream.StartsWith(query.StreamPrefix, StringComparison.Ordinal) && query.Streams?.Contains(stream) != false;

    private IEnumerable<LogScanStep> Merge(List<(long Id, string Name)> streams)
    {
        var statements = new List<IDisposable>(streams.Count * 2);
        var heads = new PriorityQueue<(SqliteDataReader Row, string Stream), LogPosition>();
        try
        {
            foreach (var (id, name) in streams)
            {
                var scan = reader.Compile(
                    $"""
                    SELECT e.at, e.sequence, e.ingested_at, e.message FROM events e INDEXED BY events_of_stream
                    WHERE e.stream_id = $1 AND {LogSnapshot.Between} ORDER BY e.at, e.sequence
                    """,
                    5);
                statements.Add(scan);
                var row = Open(scan, id);
                statements.Add(row);
                Advance(heads, row, name);
            }

            while (heads.TryDequeue(out var head, out _))
            {
                yield return Step(head.Row, head.Stream);
                Advance(heads, head.Row, head.Stream);
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

    private SqliteDataReader Open(SqliteStatement scan, long id) =>
        scan.Open(id, query.After.At, query.After.Sequence, query.Before.At, query.Before.Sequence);

    private static void Advance(
        PriorityQueue<(SqliteDataReader Row, string Stream), LogPosition> heads, SqliteDataReader row, string stream)
    {
        if (row.Read())
        {
            heads.Enqueue((row, stream), LogSnapshot.Position(row));
        }
    }

    private static LogScanStep Step(SqliteDataReader row, string stream)
    {
        var item = LogSnapshot.Event(row, stream);
        return new(item.Position, item);
    }

    private static (long Id, string Name) Stream(SqliteDataReader row) => (row.GetInt64(0), row.GetString(1));
}
