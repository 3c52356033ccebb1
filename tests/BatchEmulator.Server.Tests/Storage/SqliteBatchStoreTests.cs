using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.Sqlite.Batch;
using BatchEmulator.Storage.Sqlite.Database;

namespace BatchEmulator.Server.Tests.Storage;

public sealed class SqliteBatchStoreTests : BatchStoreConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
    private SqliteBatchQueries? _queries;

    protected override IBatchQueries Queries => _queries ??= new SqliteBatchQueries(DatabasePath);

    private string DatabasePath => Path.Combine(_folder, "batch.db");

    [Fact]
    public void Instance_id_stays_the_same()
    {
        using var first = new SqliteBatchStore(DatabasePath);
        first.Dispose();
        using var second = new SqliteBatchStore(DatabasePath);

        second.InstanceId.Should().Be(first.InstanceId);
    }

    [Fact]
    public void Jobs_of_an_older_version_keep_their_states()
    {
        string[] before = ["Submitted", "Pending", "Runnable", "Starting", "Running", "Succeeded", "Failed"];
        using (var connection = SqliteDatabase.OpenWriter(DatabasePath))
        {
            BatchSchema.Migrate(connection, last: 3);
            using var insert = new SqliteStatement(
                connection,
                """
                INSERT INTO job (sequence, id, queue, status, created, flags, children) VALUES ($1, $2, 1, $3, 0, 0, '{"Counts":[1,2,3,4,5,6,7],"UpdatedAt":"2026-01-01T00:00:00+00:00"}')
                """,
                3);
            using var specify = new SqliteStatement(
                connection,
                """
                INSERT INTO job_specification (sequence, scope, name, definition, document)
                VALUES ($1, '123456789012/us-east-1', 'j', 'd', '{"JobName":"j","JobQueueArn":"q","Parameters":{},"DependsOn":[],"PlatformCapabilities":[],"PropagateTags":false,"Needs":{"MilliVcpus":1,"MemoryMiB":1,"Gpus":0}}')
                """,
                1);
            for (var status = 0; status < before.Length; status++)
            {
                insert.Run(status + 1, before[status], status);
                specify.Run(status + 1);
            }
        }

        OpenStore().Dispose();

        var jobs = Queries.Jobs(new("123456789012", "us-east-1"), before).Select(j => j.Value).ToList();
        jobs.Select(j => j.Status.ToString()).Should().Equal(before);
        jobs.Should().OnlyContain(j => j.Children!.Counts.SequenceEqual(new[] { 1, 2, 3, 0, 4, 5, 6, 7 }));
    }

    [Fact]
    public void Database_of_a_newer_version_is_refused()
    {
        using (var connection = SqliteDatabase.OpenWriter(DatabasePath))
        using (var set = new SqliteStatement(connection, "PRAGMA user_version = 999"))
        {
            set.Run();
        }

        this.Invoking(_ => new SqliteBatchStore(DatabasePath)).Should().Throw<InvalidDataException>();
    }

    protected override IBatchStore OpenStore() => new SqliteBatchStore(DatabasePath);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _queries?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
