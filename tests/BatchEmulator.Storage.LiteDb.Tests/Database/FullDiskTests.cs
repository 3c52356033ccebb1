using static BatchEmulator.Storage.LiteDb.Tests.Database.ItemFile;

namespace BatchEmulator.Storage.LiteDb.Tests.Database;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(3_000)]
    [InlineData(20_000)]
    public void Commit_on_a_full_disk_is_undone_and_the_file_stays_usable(int count)
    {
        using var disk = SmallDisk.Mount();
        // LiteDB keeps a transaction for its thread. After the thread's end, the finalizer of an interrupted transaction ends the process.
        var thread = new Thread(() => CommitOn(disk, count));
        thread.Start();
        thread.Join();

        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void CommitOn(SmallDisk disk, int count)
    {
        using var file = Open(Path.Combine(disk.Path, "items.litedb"));
        Add(file, count: 3);
        disk.Fill();

        var write = () => Add(file, count, size: 1_000);

        write.Should().Throw<IOException>();
        Count(file).Should().Be(3);
        disk.Empty();
        Add(file, count: 2);
        Count(file).Should().Be(5);
    }
}
