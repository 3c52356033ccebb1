using BatchEmulator.Conformance.Storage;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Batch;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Tests.Batch;

public sealed class LiteDbBatchStoreTests : BatchStoreConformance
{
    private static readonly TagsPatched Tagging = new("arn", new Dictionary<string, string?> { ["a"] = "1" });
    private readonly BatchDatabase _database = new();

    protected override IBatchQueries Queries => _database.Queries;

    [Fact]
    public void Instance_id_stays_the_same()
    {
        var first = _database.OpenStore().InstanceId;
        var store = _database.OpenStore();
        store.InstanceId.Should().Be(first);

        store.Commit([new EverythingRemoved()]);

        _database.OpenStore().InstanceId.Should().Be(first);
    }

    [Fact]
    public void Changes_that_cannot_be_stored_are_undone()
    {
        var store = _database.OpenStore();
        var commit = () => store.Commit([Tagging, new UnknownChange()]);
        commit.Should().Throw<NotSupportedException>();

        TagCount().Should().Be(0);
        store.Commit([Tagging]);
        TagCount().Should().Be(1);
    }

    [Fact]
    public void Tags_that_differ_in_case_are_different()
    {
        _database.OpenStore().Commit([Tagging, new TagsPatched("arn", new Dictionary<string, string?> { ["A"] = "2" })]);

        _database.Read(session => StoredTags.Of(session, "arn")).Should()
            .BeEquivalentTo(new Dictionary<string, string> { ["a"] = "1", ["A"] = "2" });
    }

    [Fact]
    public void Database_of_a_newer_version_is_refused()
    {
        _database.OpenStore().Dispose();
        using (var file = Open())
        {
            file.Write(session => session.Upsert(LiteDbSchema.Meta, new BsonDocument { ["_id"] = "schema", ["version"] = 999 }));
        }

        this.Invoking(_ => Open()).Should().Throw<InvalidDataException>().WithMessage("*newer version*999*");
    }

    [Fact]
    public void Turn_after_a_reset_is_stored_with_it()
    {
        var store = _database.OpenStore();
        store.Commit([Tagging, .. new JobPopulation(1).Setup]);

        store.Commit([Tagging, new EverythingRemoved(), new TagsPatched("other", Tagging.Patch), .. new JobPopulation(1).Setup.Take(1)]);

        TagCount().Should().Be(1);
        Queries.Count().Resources["jobQueues"].Should().Be(1);
        _database.OpenStore().Load().Changes.Should().ContainSingle();
    }

    protected override IBatchStore OpenStore() => _database.OpenStore();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _database.Dispose();
    }

    private BatchFile Open()
    {
        _database.Close();
        return BatchFile.Open(_database.FilePath);
    }

    private int TagCount() => _database.Read(session => session.FindAll(BatchSchema.Tags, ["arn", "other"]).Count);

    private sealed record UnknownChange : Change;
}
