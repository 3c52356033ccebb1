using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Logs;

/// <summary>The tables of <c>logs.db</c>. A released migration is never edited: a change is a new one at the end.</summary>
internal static class LogSchema
{
    // Ids are never used again (AUTOINCREMENT): events of a deleted stream may outlive it for a moment and must not appear in a new one.
    private const string First =
        """
        CREATE TABLE groups (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            retention_days INTEGER,
            stored_bytes INTEGER NOT NULL DEFAULT 0,
            class TEXT NOT NULL,
            kms_key_id TEXT,
            deletion_protected INTEGER NOT NULL DEFAULT 0,
            UNIQUE (account, region, name));

        CREATE TABLE tags (
            group_id INTEGER NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (group_id, key)) WITHOUT ROWID;

        CREATE TABLE streams (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            group_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            lines INTEGER NOT NULL DEFAULT 0,
            first_at INTEGER,
            last_at INTEGER NOT NULL DEFAULT 0,
            last_line_at INTEGER NOT NULL DEFAULT 0,
            ingested_at INTEGER,
            UNIQUE (group_id, name));

        CREATE INDEX streams_by_last_event ON streams (group_id, last_at, name);

        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY,
            group_id INTEGER NOT NULL,
            stream_id INTEGER NOT NULL,
            at INTEGER NOT NULL,
            ingested_at INTEGER NOT NULL,
            message BLOB NOT NULL);

        CREATE INDEX events_of_stream ON events (stream_id, at, sequence);
        CREATE INDEX events_of_group ON events (group_id, at, sequence, stream_id);

        CREATE TABLE removed_groups (id INTEGER PRIMARY KEY);
        CREATE TABLE removed_streams (id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL);
        """;

    private static readonly IReadOnlyList<string> Migrations = [First];

    /// <summary>Migrates the file to the newest version; each step is a separate transaction, together with its number.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        using var read = connection.CreateCommand();
        read.CommandText = "PRAGMA user_version";
        var version = (long)read.ExecuteScalar()!;
        if (version > Migrations.Count)
        {
            throw new InvalidDataException(
                "It was written by a newer version of Batch Emulator "
                    + $"(schema {version}; this version knows schemas up to {Migrations.Count}).");
        }

        for (var i = (int)version; i < Migrations.Count; i++)
        {
            using var step = connection.CreateCommand();
            step.CommandText = $"BEGIN IMMEDIATE; {Migrations[i]} PRAGMA user_version={i + 1}; COMMIT;";
            step.ExecuteNonQuery();
        }
    }
}
