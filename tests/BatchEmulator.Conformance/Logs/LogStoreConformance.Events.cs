using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Conformance.Logs;

public abstract partial class LogStoreConformance
{
    [Fact]
    public void Events_need_a_stream()
    {
        Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs, "x")]).Should().BeFalse());
        FindGroup(Jobs).Should().BeNull();

        AddStreams("other");
        Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs, "x")]).Should().BeFalse());
        FindStream("s").Should().BeNull();

        Write(transaction => transaction.AddEvents(Stream("other"), []).Should().BeTrue());
        FindStream("other")!.LastIngestedAt.Should().BeNull();
    }

    [Fact]
    public void Late_events_are_read_in_the_order_of_their_times()
    {
        AddStreams("s");
        Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs, "2"), new(NoonMs, "3"), new(NoonMs + 5, "5")]).Should().BeTrue());
        Write(transaction => transaction.AddEvents(Stream("s"), [new(NoonMs - 60_000, "1"), new(NoonMs, "4")]));

        Messages("s").Should().Equal("1", "2", "3", "4", "5");
        FindStream("s")!.Lines.Should().Be(0, "they are no lines of a job");
    }

    [Fact]
    public void Ranges_exclude_both_positions()
    {
        Append("s", "0", "1", "2", "3", "4");
        var places = Events("s").Select(item => item.Position).ToList();

        Read(places[1], places[4]).Should().Equal("2", "3");
        Read(places[1], places[4], isDescending: true).Should().Equal("3", "2");
        Read(new(NoonMs + 1_000, 0), new(NoonMs + 3_000, 0)).Should().Equal("1", "2");
        Read(new(NoonMs + 1_000, 0), new(NoonMs + 3_000, 0), isDescending: true).Should().Equal("2", "1");
        Read(places[3], places[3]).Should().BeEmpty();
        Read(places[3], places[1]).Should().BeEmpty();
        Read(LogPosition.End, LogPosition.End).Should().BeEmpty();
        Read(LogPosition.Start, LogPosition.Start, isDescending: true).Should().BeEmpty();

        List<string> Read(LogPosition after, LogPosition before, bool isDescending = false) =>
            [.. Events("s", after, before, isDescending).Select(item => item.Message)];
    }

    [Fact]
    public void Enumerations_can_be_abandoned_and_interleaved()
    {
        Append("a", "a0", "a1", "a2");
        Append("b", "b0", "b1", "b2");

        var read = Store.Read(snapshot =>
        {
            snapshot.Events(Stream("a"), LogPosition.Start, LogPosition.End).First().Message.Should().Be("a0");
            return snapshot.Events(Stream("a"), LogPosition.Start, LogPosition.End)
                .Zip(snapshot.Events(Stream("b"), LogPosition.Start, LogPosition.End), (a, b) => a.Message + b.Message)
                .Zip(snapshot.Scan(new(Jobs, LogPosition.Start, LogPosition.End)), (both, step) => both + step.Event!.Message)
                .ToList();
        });

        read.Should().Equal("a0b0a0", "a1b1b0", "a2b2a1");
    }

    [Fact]
    public void Random_events_are_read_in_sorted_order()
    {
        var random = new Random(20_261_125);
        var model = new List<(string Stream, long At, string Message)>();
        var names = Enumerable.Range(0, 5).Select(i => $"s{i}").ToArray();
        AddStreams(names);
        for (var turn = 0; turn < 60; turn++)
        {
            var added = Enumerable.Range(0, random.Next(1, 40))
                .Select(i => (Stream: names[random.Next(names.Length)], At: NoonMs + random.Next(0, 500), Message: $"{turn}/{i}"))
                .ToList();
            Write(transaction => added.ForEach(item => transaction.AddEvents(Stream(item.Stream), [new(item.At, item.Message)])));
            model.AddRange(added);
        }

        // The sort is stable: events of the same millisecond stay in the order of their arrival.
        var sorted = model.OrderBy(item => item.At).ToList();
        Scan().Select(item => item.Message).Should().Equal(sorted.Select(item => item.Message));
        for (var trial = 0; trial < 50; trial++)
        {
            var (from, to) = (NoonMs + random.Next(-10, 510), NoonMs + random.Next(-10, 510));
            var name = names[random.Next(names.Length)];
            var expected = sorted.Where(item => item.At >= from && item.At < to).ToList();
            var ofStream = expected.Where(item => item.Stream == name).Select(item => item.Message).ToList();
            var (after, before) = (new LogPosition(from, 0), new LogPosition(to, 0));

            Events(name, after, before).Select(item => item.Message).Should().Equal(ofStream);
            Events(name, after, before, isDescending: true).Select(item => item.Message).Should().Equal(ofStream.AsEnumerable().Reverse());
            Scan(new(Jobs, after, before)).Select(item => item.Message).Should().Equal(expected.Select(item => item.Message));
            Scan(new(Jobs, after, before) { Streams = [name] }).Select(item => item.Message).Should().Equal(ofStream);
        }
    }
}
