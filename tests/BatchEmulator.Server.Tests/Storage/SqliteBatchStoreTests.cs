using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Storage.Sqlite;

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
    public void Changes_that_cannot_be_kept_leave_nothing_behind()
    {
        using (var store = new SqliteBatchStore(DatabasePath))
        {
            var commit = () => store.Commit([new TagsPatched("arn", new Dictionary<string, string?> { ["a"] = "1" }), new UnknownChange()]);
            commit.Should().Throw<NotSupportedException>();
        }

        using var reopened = new SqliteBatchStore(DatabasePath);
        using var reader = SqliteDatabase.OpenReader(DatabasePath);
        using var count = new SqliteStatement(reader, "SELECT count(*) FROM tag");
        count.Number().Should().Be(0);
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

    private sealed record UnknownChange : Change;
}
