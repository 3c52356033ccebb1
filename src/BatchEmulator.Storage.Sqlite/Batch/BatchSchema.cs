using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Numbered migrations of the database; <c>PRAGMA user_version</c> records how many have been applied.</summary>
internal static class BatchSchema
{
    private static readonly string[] Migrations =
    [
        // 1. A job's row is narrow, since every transition rewrites it; the submission is written once, in a separate table. The primary
        // key is the place in the total order of creation, so that inserts append and listings need no sort. The children of an array
        // follow their parent's place in the order of their indexes; they have neither id nor specification.
        """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE resource (
            sequence INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            scope TEXT NOT NULL,
            arn TEXT NOT NULL UNIQUE,
            document TEXT NOT NULL);
        CREATE INDEX resource_listing ON resource (kind, scope, sequence);

        CREATE TABLE job_definition (
            sequence INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            active INTEGER NOT NULL,
            arn TEXT NOT NULL UNIQUE,
            document TEXT NOT NULL);
        CREATE UNIQUE INDEX job_definition_listing ON job_definition (scope, name, revision DESC);

        CREATE TABLE job (
            sequence INTEGER PRIMARY KEY,
            id TEXT,
            parent INTEGER,
            child_index INTEGER,
            queue INTEGER NOT NULL,
            status INTEGER NOT NULL,
            reason TEXT,
            created INTEGER NOT NULL,
            started INTEGER,
            stopped INTEGER,
            flags INTEGER NOT NULL,
            stop_reason TEXT,
            current TEXT,
            attempts TEXT,
            children TEXT);
        CREATE UNIQUE INDEX job_id ON job (id) WHERE id IS NOT NULL;
        CREATE INDEX job_listing ON job (queue, status, sequence) WHERE parent IS NULL;
        CREATE INDEX job_children ON job (parent, status, child_index) WHERE parent IS NOT NULL;
        CREATE INDEX job_unfinished ON job (sequence) WHERE status < 5;
        CREATE INDEX job_stopped ON job (stopped) WHERE stopped IS NOT NULL AND parent IS NULL;

        CREATE TABLE job_specification (
            sequence INTEGER PRIMARY KEY,
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            definition TEXT NOT NULL,
            share TEXT,
            document TEXT NOT NULL);

        CREATE TABLE tag (arn TEXT PRIMARY KEY, tags TEXT NOT NULL) WITHOUT ROWID;
        """,
        "ALTER TABLE job ADD COLUMN blocked INTEGER;",

        // 3. Usage of share identifiers, by the sequence of their queue.
        """
        CREATE TABLE share (
            queue INTEGER NOT NULL,
            identifier TEXT NOT NULL,
            milli_vcpus REAL NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (queue, identifier)) WITHOUT ROWID;
        """,

        // 4. Service jobs: their additional progress, their client tokens, and SCHEDULED before STARTING in the order of the states, whose
        // numbers follow it; also in the counts of array parents.
        """
        ALTER TABLE job ADD COLUMN service TEXT;
        ALTER TABLE job_specification ADD COLUMN client_token TEXT;
        CREATE INDEX job_client_token ON job_specification (client_token, scope) WHERE client_token IS NOT NULL;
        DROP INDEX job_unfinished;
        UPDATE job SET status = status + 1 WHERE status >= 3;
        CREATE INDEX job_unfinished ON job (sequence) WHERE status < 6;
        UPDATE job SET children = json_set(children, '$.Counts', json_array(
            json_extract(children, '$.Counts[0]'), json_extract(children, '$.Counts[1]'), json_extract(children, '$.Counts[2]'), 0,
            json_extract(children, '$.Counts[3]'), json_extract(children, '$.Counts[4]'), json_extract(children, '$.Counts[5]'),
            json_extract(children, '$.Counts[6]')))
        WHERE children IS NOT NULL;
        """,

        // 5. Jobs that need units of a consumable resource, by its ARN: it may be deleted and created again.
        """
        CREATE TABLE consumer (resource TEXT NOT NULL, job INTEGER NOT NULL, PRIMARY KEY (resource, job)) WITHOUT ROWID;
        CREATE INDEX consumer_job ON consumer (job);
        """,

        // 6. Every listing walks an index in the order of its result. Indexes over immutable data are on the specification, which is
        // written once and which children lack, so that neither transitions nor children update them; only jobs with a share or with
        // consumable resources pay for the indexes over their status. Each entry ends in the job's place in the total order: the rowid.
        """
        ALTER TABLE job_specification ADD COLUMN queue INTEGER;
        ALTER TABLE job_specification ADD COLUMN created INTEGER;
        ALTER TABLE job_specification ADD COLUMN definition_sequence INTEGER;
        UPDATE job_specification SET queue = job.queue, created = job.created FROM job WHERE job.sequence = job_specification.sequence;
        UPDATE job_specification SET definition_sequence = (SELECT sequence FROM job_definition WHERE arn = definition);
        CREATE INDEX job_by_creation ON job_specification (queue, created);
        CREATE INDEX job_by_name ON job_specification (queue, name COLLATE NOCASE);
        CREATE INDEX job_by_definition ON job_specification (queue, definition_sequence) WHERE definition_sequence IS NOT NULL;

        ALTER TABLE job ADD COLUMN share TEXT;
        UPDATE job SET share = s.share FROM job_specification s WHERE s.sequence = job.sequence AND s.share IS NOT NULL;
        ALTER TABLE job_specification DROP COLUMN share;
        CREATE INDEX job_by_share ON job (queue, share, status) WHERE share IS NOT NULL;

        ALTER TABLE consumer ADD COLUMN status INTEGER;
        ALTER TABLE consumer ADD COLUMN name TEXT;
        UPDATE consumer SET status = job.status FROM job WHERE job.sequence = consumer.job;
        UPDATE consumer SET name = s.name FROM job_specification s WHERE s.sequence = consumer.job;
        CREATE INDEX consumer_by_status ON consumer (resource, status, job);
        CREATE INDEX consumer_by_name ON consumer (resource, name COLLATE NOCASE, job);
        CREATE INDEX consumer_by_status_and_name ON consumer (resource, status, name COLLATE NOCASE, job);

        CREATE INDEX job_definition_present ON job_definition (scope, name, revision DESC) WHERE active <> 2;
        CREATE INDEX job_definition_by_status ON job_definition (scope, active, name, revision DESC);
        """,

        // 7. Notes of the orderings of queues, whose meaning only the orderings know; so far, the usage of share identifiers.
        """
        CREATE TABLE note (
            queue INTEGER NOT NULL,
            key TEXT NOT NULL,
            text TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (queue, key)) WITHOUT ROWID;
        INSERT INTO note (queue, key, text, at) SELECT queue, identifier, printf('%!.17g', milli_vcpus), at FROM share;
        DROP TABLE share;
        """,
    ];

    /// <param name="connection">The database.</param>
    /// <param name="last">Number of migrations to apply; null for all.</param>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static void Migrate(SqliteConnection connection, int? last = null)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (version > Migrations.Length)
        {
            throw new InvalidDataException(
                "It was written by a newer version of Batch Emulator "
                    + $"(schema {version}; this version knows schemas up to {Migrations.Length}).");
        }

        for (; version < (last ?? Migrations.Length); version++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"{Migrations[version]} PRAGMA user_version = {version + 1};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
