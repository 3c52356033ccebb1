using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void Change_that_throws_is_undone()
    {
        Append("s", "a");
        Append("t", "a");
        var (group, stream) = (FindGroup(Jobs), FindStream("s"));
        var failure = new InvalidOperationException("enough");

        var write = () => Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(NoonMs + 1_000, "b"));
            transaction.AppendLine(Stream("new"), new(NoonMs, "c"));
            transaction.AddGroup(new(Here, "other"), LogGroupSettings.Default);
            transaction.SetRetention(Jobs, 1);
            transaction.PatchTags(Jobs, new Dictionary<string, string?> { ["a"] = "1" });
            transaction.RemoveStream(Stream("t"));
            throw failure;
        });

        write.Should().Throw<InvalidOperationException>().Which.Should().BeSameAs(failure);
        FindGroup(Jobs).Should().Be(group);
        FindTags(Jobs).Should().BeEmpty();
        FindGroup(new(Here, "other")).Should().BeNull();
        FindStream("s").Should().Be(stream);
        FindStream("new").Should().BeNull();
        Scan().Select(item => item.Message).Should().Equal("a", "a");

        Append("s", "d");
        Append("new", "e");
        Messages("s").Should().Equal("a", "d");
        Messages("new").Should().Equal("e");
        FindStream("s")!.Lines.Should().Be(2);
        StreamNames(new LogStreamQuery(Jobs, 10) { IsByLastEvent = true }).Should().Equal("new", "s", "t");
    }

    [Fact]
    public void Group_that_was_removed_by_a_change_that_throws_is_still_there()
    {
        Append("s", "a", "b");

        var write = () => Write(transaction =>
        {
            transaction.RemoveGroup(Jobs);
            throw new InvalidOperationException();
        });

        write.Should().Throw<InvalidOperationException>();
        PurgeAll(Noon);
        Messages("s").Should().Equal("a", "b");
        Append("s", "c");
        Messages("s").Should().HaveCount(3);
    }

    [Fact]
    public void Transaction_sees_its_own_changes()
    {
        Write(transaction =>
        {
            transaction.AddGroup(Jobs, LogGroupSettings.Default);
            transaction.PatchTags(Jobs, new Dictionary<string, string?> { ["a"] = "1" });
            transaction.SetRetention(Jobs, 7);
            transaction.AppendLine(Stream("s"), new(NoonMs, "abc"));
            transaction.AppendLine(Stream("s"), new(NoonMs, ""));

            transaction.FindGroup(Jobs).Should()
                .Be(new LogGroup(Jobs.Name, NoonMs, LogGroupSettings.Default, 7, 3 + LogEvent.OverheadBytes));
            transaction.FindTags(Jobs).Should().Equal(new Dictionary<string, string> { ["a"] = "1" });
            transaction.FindStream(Stream("s")).Should().Be(new LogStream("s", NoonMs, Lines: 2, NoonMs, NoonMs, NoonMs));

            transaction.RemoveStream(Stream("s"));
            transaction.FindStream(Stream("s")).Should().BeNull();
            transaction.RemoveGroup(Jobs);
            transaction.FindGroup(Jobs).Should().BeNull();
            transaction.FindTags(Jobs).Should().BeNull();
        });
    }

    [Fact]
    public void Snapshot_is_unaffected_by_a_writer()
    {
        Append("s", [.. Enumerable.Range(0, 600).Select(i => $"{i}")]);
        Append("gone", "a");

        var read = Store.Read(snapshot =>
        {
            var messages = new List<string>();
            foreach (var item in snapshot.Events(Stream("s"), LogPosition.Start, LogPosition.End))
            {
                messages.Add(item.Message);
                if (messages.Count == 300)
                {
                    // On a separate thread: neither side may wait for the other.
                    Task.Run(WriteMeanwhile).Wait(Patience).Should().BeTrue();
                }
            }

            messages.Should().HaveCount(600);
            snapshot.FindStream(Stream("s"))!.Lines.Should().Be(600);
            snapshot.FindStream(Stream("gone")).Should().NotBeNull();
            snapshot.Streams(new(Jobs, 10)).Should().HaveCount(2);
            return snapshot.Scan(All).Count(step => step.Event is not null);
        });

        read.Should().Be(601);
        Messages("s").Should().HaveCount(100);
        FindStream("gone").Should().BeNull();

        void WriteMeanwhile()
        {
            Write(transaction => transaction.AppendLine(Stream("s"), new(Noon.AddDays(5).ToUnixTimeMilliseconds(), "last")));
            Write(transaction => transaction.RemoveStream(Stream("gone")));
            Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs, "late")]));
            Write(transaction => transaction.SetRetention(Jobs, 1));
            PurgeAll(Noon.AddDays(1).AddSeconds(501));
        }
    }

    [Fact]
    public async Task Readers_see_whole_transactions_as_soon_as_they_are_stored()
    {
        const int transactions = 300;
        var stored = 0L;
        var hasEnded = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            bool isLast;
            do
            {
                isLast = Volatile.Read(ref hasEnded);
                var least = Volatile.Read(ref stored);
                Store.Read(snapshot =>
                {
                    var lines = snapshot.FindStream(Stream("a"))?.Lines ?? 0;
                    lines.Should().BeGreaterThanOrEqualTo(least);
                    (snapshot.FindStream(Stream("b"))?.Lines ?? 0).Should().Be(lines);
                    snapshot.Events(Stream("b"), LogPosition.Start, LogPosition.End).Should().HaveCount((int)lines);
                    snapshot.Scan(All).Should().HaveCount(2 * (int)lines);
                    return true;
                });
            }
            while (!isLast);
        })).ToList();

        for (var i = 1; i <= transactions; i++)
        {
            Write(transaction =>
            {
                transaction.AppendLine(Stream("a"), new(NoonMs + i, $"{i}"));
                transaction.AppendLine(Stream("b"), new(NoonMs + i, $"{i}"));
            });
            Volatile.Write(ref stored, i);
        }

        Volatile.Write(ref hasEnded, true);
        await Task.WhenAll(readers).WaitAsync(Patience);
        FindStream("a")!.Lines.Should().Be(transactions);
    }

    [Fact]
    public async Task Everything_is_there_when_the_store_is_opened_again()
    {
        Append("s", "a", "", "b");
        AddStreams("empty");
        Write(transaction =>
        {
            transaction.AddGroup(new(Here, "other"), new("DELIVERY", "key", IsDeletionProtected: true));
            transaction.PatchTags(Jobs, new Dictionary<string, string?> { ["a"] = "1" });
            transaction.SetRetention(Jobs, 30);
        });
        var expected = Everything();

        await ReopenAsync();

        Everything().Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
        Append("s", "c");
        Events("s").Select(item => item.Message).Should().Equal("a", "b", "c");
        Events("s").Select(item => item.Position).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        FindStream("s")!.Lines.Should().Be(4);

        object Everything() => new
        {
            Group = FindGroup(Jobs),
            Other = FindGroup(new(Here, "other")),
            Tags = FindTags(Jobs),
            Stream = FindStream("s"),
            Empty = FindStream("empty"),
            Events = Events("s"),
            Scan = Scan(),
        };
    }

    [Fact]
    public async Task Removed_streams_stay_removed_and_are_purged_after_reopening_the_store()
    {
        Append("s", "old");
        Append("t", "kept");
        Write(transaction => transaction.RemoveStream(Stream("s")));

        await ReopenAsync();

        FindStream("s").Should().BeNull();
        Append("s", "new");
        Scan().Select(item => item.Message).Should().BeEquivalentTo("kept", "new");
        PurgeAll(Noon);
        FindGroup(Jobs)!.StoredBytes.Should().Be(4 + 3 + (2 * LogEvent.OverheadBytes));
    }
}
