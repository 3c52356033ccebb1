using System.Text;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>Adds events. The rows of their streams are updated once per transaction, not once per event.</summary>
internal sealed class LogEventTable : IDisposable
{
    private readonly LogCatalog _catalog;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _updateStream;
    private readonly SqliteStatement _updateGroup;
    private readonly List<OpenStream> _touched = [];
    private long _sequence;

    public LogEventTable(SqliteConnection connection, LogCatalog catalog)
    {
        _catalog = catalog;
        _insert = new(
            connection,
            "INSERT INTO events (sequence, group_id, stream_id, at, ingested_at, message) VALUES ($1, $2, $3, $4, $5, $6)",
            6);
        _updateStream = new(
            connection,
            """
            UPDATE streams SET lines = lines + $2, last_line_at = max(last_line_at, $3), ingested_at = coalesce($6, ingested_at),
                first_at = min(coalesce(first_at, $4), coalesce($4, first_at)), last_at = max(last_at, $5)
            WHERE id = $1
            """,
            6);
        _updateGroup = new(connection, "UPDATE groups SET stored_bytes = stored_bytes + $2 WHERE id = $1", 2);
        using var newest = new SqliteStatement(connection, "SELECT max(sequence) FROM events");
        _sequence = newest.Number() ?? 0;
    }

    public void AppendLine(LogStreamKey stream, LogLine line)
    {
        var open = _catalog.OpenStream(stream, out _);
        Touch(open);
        open.AddedLines += line.Lines;
        open.LastLineAt = Math.Max(open.LastLineAt, line.At);
        if (line.Text.Length > 0)
        {
            Insert(open, open.LastLineAt, line.Text);
        }
    }

    public void Add(OpenStream stream, IReadOnlyList<NewLogEvent> events)
    {
        Touch(stream);
        foreach (var item in events)
        {
            Insert(stream, item.At, item.Message);
        }
    }

    /// <summary>
    /// Writes the additions into the rows of the streams and groups: before a commit, and before rows are read or removed.
    /// </summary>
    public void Flush()
    {
        foreach (var stream in _touched)
        {
            _updateStream.Run(
                stream.Id, stream.AddedLines, stream.LastLineAt, stream.FirstAt, stream.LastAt,
                stream.FirstAt is null ? null : _catalog.Now);
            if (stream.AddedBytes > 0)
            {
                _updateGroup.Run(stream.GroupId, stream.AddedBytes);
            }

            stream.AddedLines = 0;
            stream.AddedBytes = 0;
            stream.FirstAt = null;
            stream.LastAt = 0;
            stream.Touched = false;
        }

        _touched.Clear();
    }

    /// <summary>Discards the additions, because the transaction was undone.</summary>
    public void Forget() => _touched.Clear();

    public void Dispose()
    {
        _insert.Dispose();
        _updateStream.Dispose();
        _updateGroup.Dispose();
    }

    private void Touch(OpenStream stream)
    {
        if (!stream.Touched)
        {
            stream.Touched = true;
            _touched.Add(stream);
        }
    }

    private void Insert(OpenStream stream, long at, string message)
    {
        // Bytes, not text: a line may hold a NUL, at which SQLite's text functions would end it.
        var bytes = Encoding.UTF8.GetBytes(message);
        _insert.Run(++_sequence, stream.GroupId, stream.Id, at, _catalog.Now, bytes);
        stream.AddedBytes += bytes.Length + LogEvent.OverheadBytes;
        stream.FirstAt = Math.Min(stream.FirstAt ?? at, at);
        stream.LastAt = Math.Max(stream.LastAt, at);
    }
}
