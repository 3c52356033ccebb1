using BatchEmulator.Hosting.Events;

namespace BatchEmulator.Server.Tests.Control;

public sealed class EventHistoryTests
{
    private const int EventBytes = 100;
    private const int Room = 10;

    private readonly EventHistory _history = new(Room * (EventBytes + EventHistory.Overhead));

    [Fact]
    public async Task Readers_share_the_events_from_their_opening_on()
    {
        using var first = _history.Open(null);
        Add(3);
        using var second = _history.Open(null);
        Add(2);

        (await ReadAsync(first)).Should().Equal(1, 2, 3, 4, 5);
        (await ReadAsync(second)).Should().Equal(4, 5);
        var waiting = ReadAsync(second);
        waiting.IsCompleted.Should().BeFalse();
        Add(1);
        (await waiting).Should().Equal(6);
        _history.Bytes.Should().Be(6 * (EventBytes + EventHistory.Overhead));
    }

    [Fact]
    public async Task Reader_whose_position_is_gone_is_notified_of_missed_events_when_it_reconnects()
    {
        using var slow = _history.Open(null);
        using var quick = _history.Open(null);
        Add(2);
        (await ReadAsync(slow)).Should().Equal(1, 2);
        (await ReadAsync(quick)).Should().Equal(1, 2);
        for (var number = 3; number <= Room + 5; number++)
        {
            Add(1);
            (await ReadAsync(quick)).Should().Equal(number);
        }

        slow.IsBehind.Should().BeTrue();
        quick.IsBehind.Should().BeFalse();
        (await slow.ReadAsync(int.MaxValue, default)).Should().BeNull();

        using var again = _history.Open(_history.IdOf(2));

        again.Missed.Should().Be(new MissedEvents(3, _history.IdOf(2)));
        again.LastId.Should().Be(_history.IdOf(5));
        (await ReadAsync(again)).Should().Equal(Enumerable.Range(6, Room).Select(n => (long)n));
        _history.Bytes.Should().Be(Room * (EventBytes + EventHistory.Overhead));
    }

    [Fact]
    public async Task Reader_that_reconnects_in_time_misses_nothing()
    {
        using (var broken = _history.Open(null))
        {
            Add(2);
        }

        _history.TrySkip(1).Should().BeFalse("somebody may come again");
        Add(1);

        using var again = _history.Open(_history.IdOf(1));

        again.Missed.Should().BeNull();
        (await ReadAsync(again)).Should().Equal(2, 3);
    }

    [Fact]
    public void Events_without_a_possible_reader_are_only_counted()
    {
        _history.TrySkip(4).Should().BeTrue();
        _history.Open(null).Dispose();
        Add(Room);
        _history.Bytes.Should().BePositive();
        Add(1);

        _history.Bytes.Should().Be(0);
        _history.TrySkip(1).Should().BeTrue();
        using var again = _history.Open(_history.IdOf(6));
        again.Missed!.Count.Should().Be(10);
    }

    [Fact]
    public async Task Events_that_were_never_written_count_as_missed()
    {
        using var reader = _history.Open(null);
        Add(1);

        _history.Miss(5);

        (await reader.ReadAsync(int.MaxValue, default)).Should().BeNull();
        using var again = _history.Open(_history.IdOf(1));
        again.Missed!.Count.Should().Be(5);
    }

    [Theory]
    [InlineData("0badcafe-1")]
    [InlineData("none")]
    [InlineData("-1")]
    public void Id_of_another_server_means_an_unknown_number_of_missed_events(string id)
    {
        Add(1);

        using var reader = _history.Open(id);

        reader.Missed.Should().Be(new MissedEvents(null, id));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("+1")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void Id_of_no_event_means_an_unknown_number_of_missed_events(string number)
    {
        using var first = _history.Open(null);
        Add(1);
        var id = _history.IdOf(1)[..^1] + number;

        using var reader = _history.Open(id);

        reader.Missed.Should().Be(new MissedEvents(null, id));
    }

    private void Add(int count) => _history.Add([.. Enumerable.Range(0, count).Select(_ => new byte[EventBytes])]);

    private static async Task<List<long>> ReadAsync(EventHistory.Reader reader)
    {
        var (first, events) = (await reader.ReadAsync(int.MaxValue, default))!.Value;
        return [.. Enumerable.Range(0, events.Count).Select(n => first + n)];
    }
}
