using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void Without_retention_nothing_is_purged()
    {
        Append("s", "a");

        Store.Write(Noon.AddYears(9), transaction => transaction.Purge(10).Should().BeTrue());

        Messages("s").Should().Equal("a");
    }

    [Fact]
    public void Events_past_the_retention_of_their_group_are_purged_and_others_stay()
    {
        var other = new LogStreamKey(Here, "another-group", "s");
        Append("s", "old 1", "old 2");
        Append("t", "old 3");
        Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(Noon.AddDays(1).ToUnixTimeMilliseconds(), "newer"));
            transaction.AppendLine(other, new(NoonMs, "kept for ever"));
            transaction.SetRetention(Jobs, 3);
        });
        var before = FindStream("s");

        PurgeAll(Noon.AddDays(3).AddMinutes(1));

        Messages("s").Should().Equal("newer");
        Messages("t").Should().BeEmpty();
        Scan().Select(item => item.Message).Should().Equal("newer");
        Store.Read(snapshot => snapshot.Events(other, LogPosition.Start, LogPosition.End).ToList()).Should().ContainSingle();
        FindGroup(Jobs)!.StoredBytes.Should().Be("newer".Length + LogEvent.OverheadBytes);
        FindStream("s").Should().Be(before, "counts and times are of everything that ever was");
    }

    [Fact]
    public void Event_is_kept_for_exactly_its_retention()
    {
        Append("s", "a");
        Write(transaction => transaction.SetRetention(Jobs, 1));

        PurgeAll(Noon.AddDays(1));
        Messages("s").Should().Equal("a");

        PurgeAll(Noon.AddDays(1).AddMilliseconds(1));
        Messages("s").Should().BeEmpty();
    }

    [Fact]
    public void Late_event_past_its_retention_is_purged()
    {
        Append("s", "a", "b");
        Write(transaction =>
        {
            transaction.SetRetention(Jobs, 1);
            transaction.AddEvents(Stream("s"), [new(Noon.AddDays(-2).ToUnixTimeMilliseconds(), "late")]);
        });

        PurgeAll(Noon);

        Messages("s").Should().Equal("a", "b");
    }

    [Fact]
    public void Pass_removes_a_bounded_number_of_events_and_passes_remove_all()
    {
        const int count = 700;
        Append("a", [.. Enumerable.Range(0, count).Select(i => $"a{i}")]);
        Append("b", [.. Enumerable.Range(0, count).Select(i => $"b{i}")]);
        Append("c", "c");
        Write(transaction =>
        {
            transaction.RemoveStream(Stream("b"));
            transaction.SetRetention(Jobs, 1);
        });
        var size = FindGroup(Jobs)!.StoredBytes;
        var isComplete = false;
        var passes = 0;
        while (!isComplete)
        {
            Store.Write(Noon.AddDays(2), transaction => isComplete = transaction.Purge(100));
            var left = FindGroup(Jobs)!.StoredBytes;
            (size - left).Should().BeInRange(0, 100 * (4 + LogEvent.OverheadBytes));
            size = left;
            passes++;
        }

        passes.Should().BeGreaterThan(2 * count / 100);
        size.Should().Be(0);
        Scan().Should().BeEmpty();
        Append("a", "again");
        Messages("a").Should().Equal("again");
    }

    [Fact]
    public void Purge_of_a_removed_group_ends()
    {
        Append("a", [.. Enumerable.Range(0, 300).Select(i => $"{i}")]);
        AddStreams([.. Enumerable.Range(0, 300).Select(i => $"empty-{i}")]);
        Write(transaction => transaction.RemoveGroup(Jobs));
        var isComplete = false;
        for (var pass = 0; pass < 100 && !isComplete; pass++)
        {
            Write(transaction => isComplete = transaction.Purge(50));
        }

        isComplete.Should().BeTrue();
        FindGroup(Jobs).Should().BeNull();
    }

    [Fact]
    public void Writes_continue_between_the_passes_of_a_purge()
    {
        Append("a", [.. Enumerable.Range(0, 300).Select(i => $"a{i}")]);
        Append("b", "b0");
        Write(transaction => transaction.RemoveStream(Stream("a")));
        for (var i = 1; i <= 10; i++)
        {
            Write(transaction =>
            {
                transaction.Purge(20);
                transaction.AppendLine(Stream("b"), new(NoonMs + i, $"b{i}"));
                transaction.AppendLine(Stream("a"), new(NoonMs + i, $"new a{i}"));
            });
        }

        PurgeAll(Noon);

        Messages("b").Should().Equal(Enumerable.Range(0, 11).Select(i => $"b{i}"));
        Messages("a").Should().Equal(Enumerable.Range(1, 10).Select(i => $"new a{i}"));
        Scan().Should().HaveCount(21);
    }
}
