using BatchEmulator.Conformance.Logs;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using BatchEmulator.Storage.LiteDb.Logs;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Tests.Logs;

public sealed class LiteDbLogStoreTests : LogStoreConformance
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("newer")]
    public void Unreadable_log_is_set_aside(string kind)
    {
        if (kind == "damaged")
        {
            File.WriteAllText(_folder.File("old.litedb"), string.Join('\n', Enumerable.Repeat("This is a shopping list.", 1_000)));
            File.WriteAllText(_folder.File("old.litedb-wal"), "and its log");
        }
        else
        {
            using var file = new LiteDbFile(_folder.File("old.litedb"), LogSchema.Schema);
            file.Write(session => session.Upsert(LiteDbSchema.Meta, new BsonDocument { ["_id"] = "schema", ["version"] = 999 }));
        }

        var before = File.ReadAllBytes(_folder.File("old.litedb"));
        using var store = LiteDbLogStore.Open(_folder.File("old.litedb"), Noon);

        store.SetAside!.Path.Should().Be(_folder.File("old.litedb"));
        store.SetAside.Kept.Should().Be(_folder.File("old.litedb.damaged-20260501T120000000Z"));
        store.SetAside.Problem.Should().Contain(kind == "damaged" ? "not a database" : "newer version");
        File.ReadAllBytes(store.SetAside.Kept).Should().Equal(before);
        File.Exists(store.SetAside.Kept + "-wal").Should().BeTrue();
        store.Write(
            Noon,
            transaction => transaction.AddGroup(new(new("123456789012", "us-east-1"), "g"), LogGroupSettings.Default).Should().BeTrue());
    }

    protected override ValueTask<ILogStore> OpenAsync() => new(LiteDbLogStore.Open(_folder.File("logs.litedb"), Noon));
}
