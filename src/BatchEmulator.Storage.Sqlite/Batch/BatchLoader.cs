using System.Text.Json;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Reads everything unfinished as the changes that recreate it.</summary>
internal static class BatchLoader
{
    public static StoredState Load(SqliteConnection connection)
    {
        var changes = new List<Change>();
        var resources = Rows(connection, "SELECT kind, document FROM resource", row => KindOf(row.GetInt32(0)).Read(row.GetString(1)));
        changes.AddRange(ResourceKinds.InLoadOrder(resources).Select(resource => new ResourceSaved(resource)));
        changes.AddRange(Rows<Change>(
            connection,
            "SELECT arn, key, text, at FROM note JOIN resource ON sequence = queue ORDER BY queue, key",
            row => new OrderingNoteSaved(new OrderingNote(
                row.GetString(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))))));
        changes.AddRange(Rows<Change>(connection, "SELECT document, active FROM job_definition ORDER BY sequence", row =>
        {
            var definition = JsonSerializer.Deserialize(row.GetString(0), StoredJson.Documents.StoredJobDefinition)!;
            return row.GetInt32(1) == DefinitionRow.Purged ? new JobDefinitionPurged(definition) : new JobDefinitionSaved(definition);
        }));
        changes.AddRange(Jobs(connection));
        using var last = new SqliteStatement(
            connection,
            """
            SELECT max(
                ifnull((SELECT max(sequence) FROM resource), 0),
                ifnull((SELECT max(sequence) FROM job_definition), 0),
                ifnull((SELECT max(sequence) FROM job), 0))
            """);
        return new StoredState(changes, last.Number()!.Value);
    }

    /// <summary>Returns the kind of a row of the table <c>resource</c>.</summary>
    /// <exception cref="InvalidDataException">A newer version has stored it.</exception>
    internal static ResourceKind KindOf(int number) => ResourceKinds.Find(number)
        ?? throw new InvalidDataException($"The database holds a resource of the unknown kind {number}.");

    /// <summary>
    /// Reads unfinished jobs, and also their finished children and nodes, in the order of creation: a parent before its parts. A node may
    /// outlive its job for a while.
    /// </summary>
    private static List<JobSaved> Jobs(SqliteConnection connection)
    {
        var parents = new Dictionary<string, JobSpecification>(StringComparer.Ordinal);
        var sql =
            $"""
            {JobRow.Select} WHERE j.status < {(int)JobStatus.Succeeded} AND j.parent IS NULL
            UNION ALL
            {JobRow.Select} WHERE j.parent IN (SELECT sequence FROM job WHERE status < {(int)JobStatus.Succeeded} AND parent IS NULL)
            UNION ALL
            {JobRow.Select} WHERE j.parent IS NOT NULL AND j.status < {(int)JobStatus.Succeeded} AND p.status >= {(int)JobStatus.Succeeded}
            ORDER BY 1
            """;
        return [.. Rows(connection, sql, row =>
        {
            if (JobRow.ParentId(row) is { } parent)
            {
                return new JobSaved(parents.TryGetValue(parent, out var shared) ? JobRow.Read(row, shared) : JobRow.Read(row), null);
            }

            var job = JobRow.Read(row);
            if (job.Specification.Parts > 0)
            {
                parents[job.Id] = job.Specification;
            }

            return new JobSaved(job, null);
        })];
    }

    private static IEnumerable<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var statement = new SqliteStatement(connection, sql, 0);
        using var rows = statement.Open();
        while (rows.Read())
        {
            yield return read(rows);
        }
    }
}
