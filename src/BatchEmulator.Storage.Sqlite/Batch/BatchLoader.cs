using System.Text.Json;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Reads what is not finished as the changes that recreate it.</summary>
internal static class BatchLoader
{
    public static StoredState Load(SqliteConnection connection)
    {
        var changes = new List<Change>();
        // A queue may have been given a policy that is newer than itself.
        var resources = $"SELECT kind, document FROM resource ORDER BY kind <> {(int)ResourceKind.SchedulingPolicy}, sequence";
        changes.AddRange(Rows<Change>(connection, resources, row => (ResourceKind)row.GetInt32(0) switch
        {
            ResourceKind.ComputeEnvironment =>
                new ComputeEnvironmentSaved(JsonSerializer.Deserialize(row.GetString(1), StoredJson.Documents.ComputeEnvironment)!),
            ResourceKind.JobQueue => new JobQueueSaved(JsonSerializer.Deserialize(row.GetString(1), StoredJson.Documents.JobQueue)!),
            ResourceKind.ConsumableResource =>
                new ConsumableResourceSaved(JsonSerializer.Deserialize(row.GetString(1), StoredJson.Documents.ConsumableResource)!),
            ResourceKind.ServiceEnvironment =>
                new ServiceEnvironmentSaved(JsonSerializer.Deserialize(row.GetString(1), StoredJson.Documents.ServiceEnvironment)!),
            ResourceKind.SchedulingPolicy =>
                new SchedulingPolicySaved(JsonSerializer.Deserialize(row.GetString(1), StoredJson.Documents.SchedulingPolicy)!),
            var kind => throw new InvalidDataException($"The database holds a resource of the unknown kind {kind}."),
        }));
        changes.AddRange(Rows<Change>(
            connection,
            "SELECT arn, identifier, milli_vcpus, at FROM share JOIN resource ON sequence = queue ORDER BY queue, identifier",
            row => new ShareUsageSaved(new ShareUsage(row.GetString(0), row.GetString(1), row.GetDouble(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))))));
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

    /// <summary>
    /// Unfinished jobs, and of those also the finished children and nodes, in the order of creation: a parent before its parts. A node may
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
