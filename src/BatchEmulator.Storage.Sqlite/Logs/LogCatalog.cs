using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>A stream that is written to, and its additions since its row was last written.</summary>
internal sealed class OpenStream(long id, long groupId, long lastLineAt)
{
    public long Id { get; } = id;

    public long GroupId { get; } = groupId;

    /// <summary>Time of the newest line that a job wrote.</summary>
    public long LastLineAt { get; set; } = lastLineAt;

    public long AddedLines { get; set; }

    public long AddedBytes { get; set; }

    public long? FirstAt { get; set; }

    public long LastAt { get; set; }

    public bool Touched { get; set; }
}

/// <summary>Maps names to groups and streams, for the writer; caches the latest ones.</summary>
internal sealed class LogCatalog(SqliteConnection connection) : IDisposable
{
    /// <summary>Maximum number of cached streams.</summary>
    private const int KnownStreams = 4_096;

    private readonly Dictionary<LogGroupKey, long> _groups = [];
    private readonly Dictionary<LogStreamKey, OpenStream> _streams = [];

    private readonly SqliteStatement _findGroup = new(
        connection, "SELECT id FROM groups WHERE account = $1 AND region = $2 AND name = $3", 3);

    private readonly SqliteStatement _addGroup = new(
        connection,
        "INSERT INTO groups (account, region, name, created_at, class, kms_key_id, deletion_protected) "
            + "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        7);

    private readonly SqliteStatement _findStream = new(
        connection, "SELECT id, last_line_at FROM streams WHERE group_id = $1 AND name = $2", 2);

    private readonly SqliteStatement _addStream = new(
        connection, "INSERT INTO streams (group_id, name, created_at) VALUES ($1, $2, $3) RETURNING id", 3);

    /// <summary>Time of the transaction, in epoch milliseconds.</summary>
    public long Now { get; private set; }

    public void Begin(DateTimeOffset now)
    {
        Now = now.ToUnixTimeMilliseconds();
        // Clearing it is enough: streams in use return with one look-up each. Never within a transaction, which keeps its additions in the
        // streams.
        if (_streams.Count >= KnownStreams)
        {
            Forget();
        }
    }

    public long? FindGroup(LogGroupKey group)
    {
        if (_groups.TryGetValue(group, out var known))
        {
            return known;
        }

        if (_findGroup.Number(group.Scope.Account, group.Scope.Region, group.Name) is not { } id)
        {
            return null;
        }

        _groups.Add(group, id);
        return id;
    }

    public long AddGroup(LogGroupKey group, LogGroupSettings settings)
    {
        var id = _addGroup.Number(
            group.Scope.Account, group.Scope.Region, group.Name, Now, settings.Class, settings.KmsKeyId,
            settings.IsDeletionProtected ? 1 : 0)!.Value;
        _groups.Add(group, id);
        return id;
    }

    public OpenStream? FindStream(LogStreamKey stream)
    {
        if (_streams.TryGetValue(stream, out var known))
        {
            return known;
        }

        return FindGroup(stream.Group) is { } groupId ? ReadStream(stream, groupId) : null;
    }

    /// <summary>Finds a stream, and adds it and its group unless they exist.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="isNew">True if it was added.</param>
    public OpenStream OpenStream(LogStreamKey stream, out bool isNew)
    {
        isNew = false;
        if (_streams.TryGetValue(stream, out var known))
        {
            return known;
        }

        var groupId = FindGroup(stream.Group) ?? AddGroup(stream.Group, LogGroupSettings.Default);
        if (ReadStream(stream, groupId) is { } found)
        {
            return found;
        }

        isNew = true;
        var added = new OpenStream(_addStream.Number(groupId, stream.Name, Now)!.Value, groupId, lastLineAt: 0);
        _streams.Add(stream, added);
        return added;
    }

    /// <summary>Clears the cache: rows were removed, or a transaction was undone.</summary>
    public void Forget()
    {
        _groups.Clear();
        _streams.Clear();
    }

    public void Dispose()
    {
        _findGroup.Dispose();
        _addGroup.Dispose();
        _findStream.Dispose();
        _addStream.Dispose();
    }

    private OpenStream? ReadStream(LogStreamKey stream, long groupId)
    {
        using var reader = _findStream.Open(groupId, stream.Name);
        if (!reader.Read())
        {
            return null;
        }

        var found = new OpenStream(reader.GetInt64(0), groupId, reader.GetInt64(1));
        _streams.Add(stream, found);
        return found;
    }
}
