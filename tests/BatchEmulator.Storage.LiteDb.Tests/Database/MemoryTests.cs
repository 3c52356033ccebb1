using BatchEmulator.Storage.LiteDb.Database;
using static BatchEmulator.Storage.LiteDb.Tests.Database.ItemFile;

namespace BatchEmulator.Storage.LiteDb.Tests.Database;

/// <summary>Runs alone: the memory of the process is measured.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    [Fact]
    public void Memory_stays_small_after_everything_was_read()
    {
        using var folder = new TestFolder();
        using var file = Open(folder.File("items.litedb"));
        for (var i = 0; i < 20; i++)
        {
            Add(file, count: 1_000, first: i * 1_000, size: 2_500);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        file.Read(session => session.WalkIds(Items, 0, long.MaxValue).Count()).Should().Be(20_000);
        file.Read(session => session.Walk(Items, CompositeKey.Of(1).Range).Count()).Should().Be(20_000);

        new FileInfo(folder.File("items.litedb")).Length.Should().BeGreaterThan(50_000_000);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(20_000_000);
    }
}
