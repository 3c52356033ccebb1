using BatchEmulator.Core.Identity;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Logs;

/// <summary>A stream that is written to, and what was added to it since its row was last written.</summary>
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

/// <summary>Names to groups and streams, for the writer; remembers the streams it met lately.</summary>
internal sealed class LogCatalog(SqliteConnection connection, TimeProvider time) : IDisposable
{
    private readonly Dictionary<(Scope Scope, string Group), long> _groups = [];
    private readonly Dictionary<(long GroupId, string Stream), OpenStream> _streams = [];

    private readonly SqliteStatement _findGroup = new(
        connection, "SELECT id FROM groups WHERE account = $1 AND region = $2 AND name = $3", 3);

    private readonly SqliteStatement _addGroup = new(
        connection,
        "INSERT INTO groups (account, region, name, created_at, class, kms_key_id, deletion_protected) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        7);

    private readonly SqliteStatement _findStream = new(
        connection, "SELECT id, last_line_at FROM streams WHERE group_id = $1 AND name = $2", 2);

    private readonly SqliteStatement _addStream = new(
        connection, "INSERT INTO streams (group_id, name, created_at) VALUES ($1, $2, $3) RETURNING id", 3);

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public long? FindGroup(Scope scope, string name)
    {
        if (_groups.TryGetValue((scope, name), out var known))
        {
            return known;
        }

        if (_findGroup.Number(scope.Account, scope.Region, name) is not { } id)
        {
            return null;
        }

        Remember(_groups, (scope, name), id);
        return id;
    }

    public long RequireGroup(Scope scope, string name) => FindGroup(scope, name) ?? throw LogsException.GroupNotFound();

    public long AddGroup(
        Scope scope, string name, string groupClass = Contract.Logs.LogGroupClass.Standard, string? kmsKeyId = null, bool deletionProtected = false)
    {
        var id = _addGroup.Number(scope.Account, scope.Region, name, Now, groupClass, kmsKeyId, deletionProtected ? 1 : 0)!.Value;
        Remember(_groups, (scope, name), id);
        return id;
    }

    public OpenStream? FindStream(long groupId, string name)
    {
        if (_streams.TryGetValue((groupId, name), out var known))
        {
            return known;
        }

        using var reader = _findStream.Open(groupId, name);
        if (!reader.Read())
        {
            return null;
        }

        var stream = new OpenStream(reader.GetInt64(0), groupId, reader.GetInt64(1));
        Remember(_streams, (groupId, name), stream);
        return stream;
    }

    public OpenStream RequireStream(Scope scope, string group, string stream) =>
        FindStream(RequireGroup(scope, group), stream) ?? throw LogsException.StreamNotFound();

    public OpenStream AddStream(long groupId, string name)
    {
        var stream = new OpenStream(_addStream.Number(groupId, name, Now)!.Value, groupId, lastLineAt: 0);
        Remember(_streams, (groupId, name), stream);
        return stream;
    }

    /// <summary>The stream of a job: it and its group come into being with the first line.</summary>
    public OpenStream OpenStream(Scope scope, string group, string stream)
    {
        var groupId = FindGroup(scope, group) ?? AddGroup(scope, group);
        return FindStream(groupId, stream) ?? AddStream(groupId, stream);
    }

    /// <summary>Forgets everything remembered: rows were removed, or a transaction was undone.</summary>
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

    private static void Remember<TKey, TValue>(Dictionary<TKey, TValue> memory, TKey key, TValue value)
        where TKey : notnull
    {
        // Starting over is enough: what is still in use comes back with one look-up each.
        if (memory.Count >= LogLimits.KnownStreams)
        {
            memory.Clear();
        }

        memory[key] = value;
    }
}
