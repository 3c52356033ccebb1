namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// The machine's clock, except that it never goes back: when the machine's clock is set back, this one runs on at the same pace until
/// the machine's has caught up. It follows the machine's clock forward.
/// </summary>
internal sealed class SteadyClock : TimeProvider
{
    private readonly TimeProvider _machine;
    private readonly Lock _lock = new();
    private DateTimeOffset _anchor;
    private long _anchoredAt;

    public SteadyClock(TimeProvider machine)
    {
        _machine = machine;
        Follow(machine.GetUtcNow());
    }

    public override long TimestampFrequency => _machine.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var steady = _anchor + _machine.GetElapsedTime(_anchoredAt);
            var machine = _machine.GetUtcNow();
            if (machine <= steady)
            {
                return steady;
            }

            Follow(machine);
            return machine;
        }
    }

    public override long GetTimestamp() => _machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Advances to a time, if it is later than the present one.</summary>
    public void CatchUp(DateTimeOffset time)
    {
        lock (_lock)
        {
            if (time > GetUtcNow())
            {
                Follow(time);
            }
        }
    }

    /// <summary>Returns to the machine's time, even if it is earlier.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Follow(_machine.GetUtcNow());
        }
    }

    private void Follow(DateTimeOffset time)
    {
        _anchor = time;
        _anchoredAt = _machine.GetTimestamp();
    }
}
