using System.Diagnostics.CodeAnalysis;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>Future steps in the order of their due times, with a single timer. Not safe for concurrent use.</summary>
/// <param name="time">Clock of the due times.</param>
/// <param name="wake">Called when the timer fires, on any thread.</param>
internal sealed class SimulatedTimeline(TimeProvider time, Action wake) : IAsyncDisposable
{
    /// <summary>Maximum duration of timers, about 49 days; a longer wait is split.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly PriorityQueue<SimulatedRun, (DateTimeOffset At, long Order)> _toCome = new();
    private readonly ITimer _timer = time.CreateTimer(_ => wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private long _order;

    public void Add(SimulatedRun run) => _toCome.Enqueue(run, (run.DueAt, _order++));

    /// <summary>The first run that has not ended, and its due time.</summary>
    public bool TryPeek([NotNullWhen(true)] out SimulatedRun? run, out DateTimeOffset due)
    {
        while (_toCome.TryPeek(out run, out var priority))
        {
            due = priority.At;
            if (run.Phase != SimulatedPhase.Ended)
            {
                return true;
            }

            _toCome.Dequeue();
        }

        due = default;
        return false;
    }

    /// <summary>Takes the first run if it is due; otherwise sets the timer for it.</summary>
    public bool TryTakeDue([NotNullWhen(true)] out SimulatedRun? run)
    {
        if (!TryPeek(out run, out var due) || SetTimer(due))
        {
            return false;
        }

        _toCome.Dequeue();
        return true;
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <returns>False if the time has passed already.</returns>
    private bool SetTimer(DateTimeOffset due)
    {
        var left = due - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        // Rounded up: a timer that fires a fraction early would be set again and again.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
        // A clock that is moved by hand may have jumped between the reading and the setting of the timer.
        return due > time.GetUtcNow();
    }
}
