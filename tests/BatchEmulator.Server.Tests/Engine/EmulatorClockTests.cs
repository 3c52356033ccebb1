using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Server.Tests.Engine;

public sealed class EmulatorClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SettableClock _machine = new();
    private readonly EmulatorClock _clock;
    private readonly DateTimeOffset _start;

    public EmulatorClockTests()
    {
        _clock = new(machine: _machine);
        _start = _machine.Now;
    }

    [Fact]
    public void Clock_runs_on_at_the_same_pace_while_the_machine_is_behind_and_follows_it_forward()
    {
        _machine.Pass(Minute);
        _clock.GetUtcNow().Should().Be(_start + Minute);

        _machine.Now -= TimeSpan.FromHours(1);
        _clock.GetUtcNow().Should().Be(_start + Minute);
        _machine.Pass(Minute);
        _clock.GetUtcNow().Should().Be(_start + (2 * Minute));
        _machine.Now += TimeSpan.FromHours(1);
        _clock.GetUtcNow().Should().Be(_start + (2 * Minute));
        _machine.Now += TimeSpan.FromHours(1);
        _clock.GetUtcNow().Should().Be(_machine.Now);
    }

    [Fact]
    public void Clock_that_was_set_back_twice_never_goes_back()
    {
        var latest = _clock.GetUtcNow();
        var random = new Random(1);
        for (var step = 0; step < 10_000; step++)
        {
            _machine.Pass(TimeSpan.FromMilliseconds(random.Next(10)));
            _machine.Now += TimeSpan.FromMilliseconds(random.Next(-10_000, 10_000));

            var now = _clock.GetUtcNow();

            now.Should().BeOnOrAfter(latest).And.BeOnOrAfter(_machine.Now);
            latest = now;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timer_fires_on_time_after_the_machine_was_set_back(bool isSetBackBefore)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action setBack = () => _machine.Now -= TimeSpan.FromDays(1);
        (isSetBackBefore ? setBack : () => { })();
        await using var timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        (isSetBackBefore ? () => { } : setBack)();

        await fired.Task.WaitAsync(TestServer.Patience);
    }

    [Fact]
    public void Paused_clock_continues_from_where_it_stood_after_the_machine_was_set_back()
    {
        _clock.Pause();
        _machine.Now -= TimeSpan.FromHours(1);
        _clock.MoveTo(_start + Minute);

        _clock.Resume();

        _clock.GetUtcNow().Should().Be(_start + Minute);
        _machine.Pass(Minute);
        _clock.GetUtcNow().Should().Be(_start + (2 * Minute));
        _clock.Lead.Should().Be(TimeSpan.FromHours(1) + Minute, "a restart has to restore the lead");
    }

    [Fact]
    public void Reset_brings_back_the_time_of_the_machine()
    {
        _machine.Now -= TimeSpan.FromHours(1);

        _clock.Reset();

        _clock.GetUtcNow().Should().Be(_machine.Now);
    }

    [Fact]
    public void Clock_catches_up_with_a_later_time_and_ignores_an_earlier_one()
    {
        _clock.CatchUp(_start - Minute);
        _clock.GetUtcNow().Should().Be(_start);

        _clock.CatchUp(_start + Minute);

        _clock.GetUtcNow().Should().Be(_start + Minute);
        _machine.Pass(Minute);
        _clock.GetUtcNow().Should().Be(_start + (2 * Minute));
    }
}
