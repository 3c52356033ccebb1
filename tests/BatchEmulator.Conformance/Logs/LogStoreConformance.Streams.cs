using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void Stream_is_added_once_and_its_group_with_it()
    {
        Write(transaction => transaction.AddStream(Stream("s")).Should().BeTrue());
        Store.Write(Noon.AddDays(1), transaction => transaction.AddStream(Stream("s")).Should().BeFalse());

        FindGroup(Jobs).Should().Be(new LogGroup(Jobs.Name, NoonMs, LogGroupSettings.Default, RetentionInDays: null, StoredBytes: 0));
        FindStream("s").Should().Be(
            new LogStream("s", NoonMs, Lines: 0, FirstEventAt: null, LastEventAt: null, LastIngestedAt: null));
        FindStream("other").Should().BeNull();
    }

    [Fact]
    public void Stream_shows_the_times_of_its_events()
    {
        Store.Write(Noon, transaction => transaction.AppendLine(Stream("s"), new(NoonMs + 5_000, "a")));
        Store.Write(Noon.AddSeconds(1), transaction => transaction.AddEvents(Stream("s"), [new(NoonMs - 5_000, "b")]));
        Store.Write(Noon.AddSeconds(2), transaction => transaction.AppendLine(Stream("s"), new(NoonMs + 6_000, "")));

        FindStream("s").Should().Be(new LogStream("s", NoonMs, Lines: 2, NoonMs - 5_000, NoonMs + 5_000, NoonMs + 1_000));
    }

    [Fact]
    public void Streams_are_listed_by_name_in_both_directions()
    {
        AddStreams("b/2", "a", "b/1", "c", "b", "ä", "漢");
        var query = new LogStreamQuery(Jobs, 10);

        StreamNames(query).Should().Equal("a", "b", "b/1", "b/2", "c", "ä", "漢");
        StreamNames(query with { IsDescending = true }).Should().Equal("漢", "ä", "c", "b/2", "b/1", "b", "a");
        StreamNames(query with { Prefix = "b/" }).Should().Equal("b/1", "b/2");
        StreamNames(query with { Prefix = "b", IsDescending = true }).Should().Equal("b/2", "b/1", "b");
        StreamNames(query with { Prefix = "b", After = new("b") }).Should().Equal("b/1", "b/2");
        StreamNames(query with { Prefix = "b", IsDescending = true, After = new("b/1") }).Should().Equal("b");
        StreamNames(query with { Prefix = "b", After = new("a") }).Should().Equal("b", "b/1", "b/2");
        StreamNames(query with { After = new("b/11"), Limit = 2 }).Should().Equal("b/2", "c");
        StreamNames(query with { IsDescending = true, After = new("a") }).Should().BeEmpty();
        StreamNames(query with { Group = Jobs with { Name = "none" } }).Should().BeEmpty();
    }

    [Fact]
    public void Streams_are_listed_by_their_latest_event_in_both_directions()
    {
        AddStreams("none", "empty");
        Append("a", "1", "2", "3");
        Append("b", "1");
        Append("c", "1", "2");
        Append("d", "1", "2");
        var query = new LogStreamQuery(Jobs, 10) { IsByLastEvent = true };

        StreamNames(query).Should().Equal("empty", "none", "b", "c", "d", "a");
        StreamNames(query with { IsDescending = true }).Should().Equal("a", "d", "c", "b", "none", "empty");

        Write(transaction => transaction.AppendLine(Stream("none"), new(NoonMs + 1_500, "now")));
        StreamNames(query).Should().Equal("empty", "b", "c", "d", "none", "a");
        Pages(query with { Limit = 2 }).Should().Equal("empty", "b", "c", "d", "none", "a");
        Pages(query with { Limit = 2, IsDescending = true }).Should().Equal("a", "none", "d", "c", "b", "empty");
        StreamNames(query with { Prefix = "e" }).Should().Equal("empty");
    }

    [Fact]
    public void Removed_stream_is_gone_at_once_and_begins_empty_when_it_is_added_again()
    {
        Append("s", "old 1", "old 2");
        Append("other", "kept");

        Write(transaction => transaction.RemoveStream(Stream("s")).Should().BeTrue());

        FindStream("s").Should().BeNull();
        Events("s").Should().BeEmpty();
        Scan().Select(item => item.Message).Should().Equal("kept");
        StreamNames(new(Jobs, 10)).Should().Equal("other");
        StreamNames(new(Jobs, 10) { IsByLastEvent = true }).Should().Equal("other");
        Write(transaction => transaction.RemoveStream(Stream("s")).Should().BeFalse());

        Append("s", "new");
        Messages("s").Should().Equal("new");
        FindStream("s")!.Lines.Should().Be(1);
        Scan().Select(item => item.Message).Should().BeEquivalentTo("kept", "new");
        PurgeAll(Noon);
        Scan().Select(item => item.Message).Should().BeEquivalentTo("kept", "new");
        FindGroup(Jobs)!.StoredBytes.Should().Be(4 + 3 + (2 * LogEvent.OverheadBytes));
    }

    [Fact]
    public void Stream_can_be_removed_and_added_in_the_transaction_that_writes_to_it()
    {
        Append("s", "first");

        Write(transaction =>
        {
            transaction.AppendLine(Stream("s"), new(NoonMs, "second"));
            transaction.RemoveStream(Stream("s")).Should().BeTrue();
            transaction.AppendLine(Stream("s"), new(NoonMs, "third"));
            transaction.AppendLine(Stream("s"), new(NoonMs, "fourth"));
        });

        Messages("s").Should().Equal("third", "fourth");
        FindStream("s")!.Lines.Should().Be(2);
        PurgeAll(Noon);
        Scan().Select(item => item.Message).Should().Equal("third", "fourth");
    }

    private void AddStreams(params string[] names) => Write(transaction =>
    {
        foreach (var name in names)
        {
            transaction.AddStream(Stream(name));
        }
    });

    private List<string> StreamNames(LogStreamQuery query) =>
        Store.Read(snapshot => snapshot.Streams(query).Select(stream => stream.Name).ToList());

    private List<string> Pages(LogStreamQuery query)
    {
        var names = new List<string>();
        while (Store.Read(snapshot => snapshot.Streams(query)) is { Count: > 0 } page)
        {
            page.Count.Should().BeLessThanOrEqualTo(query.Limit);
            names.AddRange(page.Select(stream => stream.Name));
            query = query with { After = LogStreamPlace.Of(page[^1]) };
        }

        return names;
    }
}
