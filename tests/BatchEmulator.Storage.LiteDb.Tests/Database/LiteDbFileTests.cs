using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;
using LiteDB.Engine;
using static BatchEmulator.Storage.LiteDb.Tests.Database.ItemFile;

namespace BatchEmulator.Storage.LiteDb.Tests.Database;

public sealed class LiteDbFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();

    private string FilePath => _folder.File("items.litedb");

    private string LogPath => FilePath + LiteDbFile.LogSuffix;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Truncated_log_holds_the_earlier_commits()
    {
        const int commits = 12;
        var lengths = new List<long>();
        using (var file = Open())
        {
            for (var i = 0; i < commits; i++)
            {
                Add(file, count: 20);
                lengths.Add(new FileInfo(LogPath).Length);
            }

            Copy(lengths[^1], "whole");
        }

        var random = new Random(20_261_125);
        foreach (var length in lengths.SelectMany(end => (long[])[end, end - 1, end - random.Next(1, 30_000)]).Where(length => length > 0))
        {
            var expected = lengths.Count(end => end <= length) * 20;
            CountAfterCut(length).Should().Be(expected, "{0} of {1}", length, lengths[^1]);
        }
    }

    [Fact]
    public void Log_with_a_bad_page_holds_the_earlier_commits()
    {
        var lengths = new List<long>();
        using (var file = Open())
        {
            for (var i = 0; i < 4; i++)
            {
                Add(file, count: 20);
                lengths.Add(new FileInfo(LogPath).Length);
            }

            Copy(lengths[^1], "whole");
        }

        // One byte of the fourth commit that did not reach the disk, although its last page did.
        var bytes = File.ReadAllBytes(_folder.File("whole" + LiteDbFile.LogSuffix));
        bytes[lengths[2] + 5_000] ^= 1;
        File.WriteAllBytes(_folder.File("whole" + LiteDbFile.LogSuffix), bytes);

        using var damaged = Open("whole");
        Count(damaged).Should().Be(60);
        Add(damaged, count: 1);
        Count(damaged).Should().Be(61);
    }

    [Fact]
    public void Commit_waits_for_the_disk_once()
    {
        using var log = new PrivateFile(LogPath);
        using var data = new PrivateFile(FilePath);
        using var commits = new CommitLog(log, isFlushed: true);
        using var engine = new LiteEngine(new EngineSettings { DataStream = new DataFile(data), LogStream = commits });
        engine.Pragma("CHECKPOINT", 0);
        var (ofLog, ofData) = (log.Flushes, data.Flushes);

        engine.BeginTrans();
        engine.Insert(Items, Enumerable.Range(0, 1_000).Select(i => new BsonDocument { ["_id"] = i }), BsonAutoId.Int32);
        log.Flushes.Should().Be(ofLog);
        engine.Commit();

        log.Flushes.Should().Be(ofLog + 1);
        data.Flushes.Should().Be(ofData);
        commits.LastCommitSize.Should().BeGreaterThan(1);
    }

    [Fact]
    public void Snapshot_is_unaffected_by_commits_and_checkpoints()
    {
        using var file = Open();
        Add(file, count: 1_000);

        var seen = file.Read(session =>
        {
            var ids = new List<long>();
            foreach (var item in session.WalkIds(Items, 0, long.MaxValue))
            {
                ids.Add(item["_id"].AsInt64);
                if (ids.Count is 100 or 900)
                {
                    // On a separate thread: neither side may wait for the other.
                    Task.Run(() => Overwrite(file)).Wait(Patience).Should().BeTrue();
                }
            }

            return ids;
        });

        seen.Should().Equal(Enumerable.Range(0, 1_000).Select(i => (long)i));
        Count(file).Should().Be(2_000);
        file.Read(session => session.Find(Items, 1L)!["size"].AsInt32).Should().Be(2);
    }

    [Fact]
    public void Log_stays_short_whatever_is_written()
    {
        using var file = Open();
        for (var i = 0; i < 40; i++)
        {
            Add(file, count: 500, size: 2_000);
            new FileInfo(LogPath).Length.Should().BeLessThan(20L * 1024 * 1024);
        }

        Count(file).Should().Be(20_000);
    }

    [Fact]
    public async Task Readers_see_whole_commits_while_the_log_is_truncated()
    {
        using var file = Open();
        var hasEnded = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var last = 0;
            while (!Volatile.Read(ref hasEnded))
            {
                var count = Count(file);
                (count % 100).Should().Be(0);
                count.Should().BeGreaterThanOrEqualTo(last);
                last = count;
            }
        })).ToList();

        for (var i = 0; i < 60; i++)
        {
            Add(file, count: 100, size: 5_000);
        }

        Volatile.Write(ref hasEnded, true);
        await Task.WhenAll(readers).WaitAsync(Patience);
        Count(file).Should().Be(6_000);
    }

    [Fact]
    public void Replacing_everything_is_one_commit()
    {
        using (var file = Open())
        {
            Add(file, count: 5_000, size: 1_000);
            var before = file.Read(session =>
            {
                file.Replace(fresh => fresh.Insert(Items, Item(7, 1)));
                return session.WalkIds(Items, 0, long.MaxValue).Count();
            });

            before.Should().Be(5_000, "it is read from the state before");
            Count(file).Should().Be(1);
            // The files as they are if the server is killed now.
            Copy(new FileInfo(LogPath).Length, "killed");
            Add(file, count: 10, first: 100);
            Count(file).Should().Be(11);
        }

        using (var killed = Open("killed"))
        {
            Count(killed).Should().Be(1);
            Add(killed, count: 1_000, first: 100, size: 1_000);
        }

        using var again = Open("killed");
        Count(again).Should().Be(1_001);
        new FileInfo(FilePath).Length.Should().BeLessThan(200_000, "the space of the old content is released");
    }

    [Fact]
    public void Write_that_throws_is_undone_and_the_file_stays_usable()
    {
        using var file = Open();
        Add(file, count: 3);

        var write = () => file.Write(session =>
        {
            session.Insert(Items, [.. Enumerable.Range(10, 5_000).Select(i => Item(i, 1_000))]);
            throw new InvalidOperationException();
        });

        write.Should().Throw<InvalidOperationException>();
        Count(file).Should().Be(3);
        Add(file, count: 2, first: 10);
        Count(file).Should().Be(5);
    }

    private LiteDbFile Open(string name = "items.litedb") => ItemFile.Open(_folder.File(name));

    /// <summary>Changes every item and adds as many, in commits that are too large for the log.</summary>
    private static void Overwrite(LiteDbFile file)
    {
        for (var round = 1; round <= 2; round++)
        {
            file.Write(session => session.Update(Items, [.. Enumerable.Range(0, 1_000).Select(i => Item(i, 20_000))]));
            file.Write(session => session.Update(Items, [.. Enumerable.Range(0, 1_000).Select(i => Item(i, 2))]));
        }

        file.Write(session =>
        {
            if (session.Find(Items, 1_000L) is null)
            {
                session.Insert(Items, [.. Enumerable.Range(1_000, 1_000).Select(i => Item(i, 2))]);
            }
        });
    }

    /// <summary>Copies the files in the state that a kill would leave.</summary>
    private void Copy(long logLength, string name)
    {
        File.Copy(FilePath, _folder.File(name), overwrite: true);
        using var source = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[logLength];
        source.ReadExactly(bytes);
        File.WriteAllBytes(_folder.File(name + LiteDbFile.LogSuffix), bytes);
    }

    private int CountAfterCut(long length)
    {
        File.Copy(_folder.File("whole"), _folder.File("cut"), overwrite: true);
        var log = File.ReadAllBytes(_folder.File("whole" + LiteDbFile.LogSuffix));
        File.WriteAllBytes(_folder.File("cut" + LiteDbFile.LogSuffix), log[..(int)length]);
        using var file = Open("cut");
        return Count(file);
    }
}
