using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// The clock of the jobs: the machine's, until it is paused; then it stands still until it is moved. Timers follow it. It may be ahead of
/// the machine's time, and only <see cref="Reset"/> sets it back, even if the machine's clock goes back.
/// </summary>
/// <param name="lead">Lead at the start.</param>
/// <param name="machine">The machine's clock.</param>
internal sealed class EmulatorClock(TimeSpan lead = default, TimeProvider? machine = null) : TimeProvider, IHeldTime
{
    private readonly TimeProvider _wall = machine ?? System;
    private readonly SteadyClock _machine = new(machine ?? System);
    private readonly Lock _lock = new();
    private readonly HashSet<ClockTimer> _timers = [];
    private Reading _reading = new(lead, null);

    bool IHeldTime.IsHeld => IsPaused;

    public bool IsPaused => Volatile.Read(ref _reading).PausedAt is not null;

    /// <summary>Lead over the machine's clock at this moment.</summary>
    public TimeSpan Lead => GetUtcNow() - _wall.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        var reading = Volatile.Read(ref _reading);
        return reading.PausedAt ?? _machine.GetUtcNow() + reading.Lead;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Pause()
    {
        lock (_lock)
        {
            if (!IsPaused)
            {
                // The engine counts whole milliseconds: past events must not lie after the time that stands still.
                Read(new(_reading.Lead, DateTimeOffset.FromUnixTimeMilliseconds(GetUtcNow().ToUnixTimeMilliseconds() + 1)));
            }
        }
    }

    public void Resume()
    {
        lock (_lock)
        {
            if (IsPaused)
            {
                Read(new(GetUtcNow() - _machine.GetUtcNow(), null));
            }
        }
    }

    /// <summary>Returns to the machine's time, which may be earlier.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _machine.Reset();
            Read(new(TimeSpan.Zero, null));
        }
    }

    /// <summary>Advances to a time, if it is later than the present one. For the start, before anything waits for the clock.</summary>
    public void CatchUp(DateTimeOffset time) => _machine.CatchUp(time - _reading.Lead);

    /// <summary>Moves a paused clock forward, and fires the timers that become due.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        List<ClockTimer> due;
        lock (_lock)
        {
            if (!IsPaused || time < GetUtcNow())
            {
                throw new InvalidOperationException("Only a paused clock can be moved, and only forward.");
            }

            Read(new(_reading.Lead, time));
            due = [.. _timers.Where(t => t.DueAt <= time).OrderBy(t => t.DueAt)];
            due.ForEach(t => t.Take());
        }

        due.ForEach(t => t.Fire());
    }

    private void Read(Reading reading)
    {
        Volatile.Write(ref _reading, reading);
        foreach (var timer in _timers)
        {
            timer.Arm();
        }
    }

    private sealed record Reading(TimeSpan Lead, DateTimeOffset? PausedAt);

    /// <summary>A timer of the machine while the clock runs; only a due time while it is paused.</summary>
    private sealed class ClockTimer : ITimer
    {
        /// <summary>Maximum duration of the machine's timers, about 49 days.</summary>
        private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

        /// <summary>Maximum time by which the machine's timers may be early.</summary>
        private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

        private readonly EmulatorClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _machineTimer;
        private TimeSpan _period;

        public ClockTimer(EmulatorClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _callback = callback;
            _state = state;
            _machineTimer = clock._machine.CreateTimer(
                static timer => ((ClockTimer)timer!).Elapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lock (clock._lock)
            {
                clock._timers.Add(this);
            }
        }

        /// <summary>Due time; null while it waits for nothing. Guarded, like all state here, by the clock's lock.</summary>
        public DateTimeOffset? DueAt { get; private set; }

        private TimeSpan? Rest => DueAt - _clock.GetUtcNow();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                Arm();
                return true;
            }
        }

        /// <summary>Adjusts the timer after the clock was paused, resumed or set.</summary>
        public void Arm()
        {
            var wait = Rest is not { } rest || _clock.IsPaused ? Timeout.InfiniteTimeSpan
                : rest > LongestWait ? LongestWait
                : rest > TimeSpan.Zero ? rest
                : TimeSpan.Zero;
            _machineTimer.Change(wait, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Fires the timer, and schedules it again if it is periodic.</summary>
        public void Take()
        {
            DueAt = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : _clock.GetUtcNow() + _period;
            Arm();
        }

        public void Fire() => _callback(_state);

        public void Dispose()
        {
            lock (_clock._lock)
            {
                _clock._timers.Remove(this);
            }

            _machineTimer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Elapsed()
        {
            lock (_clock._lock)
            {
                if (_clock.IsPaused || DueAt is null)
                {
                    return;
                }

                if (Rest > Early)
                {
                    // A part of a long wait is over.
                    Arm();
                    return;
                }

                Take();
            }

            Fire();
        }
    }
}
