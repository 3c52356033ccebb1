using System.Diagnostics.CodeAnalysis;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>Future steps in the order of their due times, with a single timer. Not safe for concurrent use.</summary>
/// <param name="time">The clock that due times are of.</param>
/// <param name="wake">Called when the timer goes off, on any thread.</param>
internal sealed class SimulatedTimeline(TimeProvider time, Action wake) : IAsyncDisposable
{
    /// <summary>Timers do not take more than about 49 days; a longer wait is taken in parts.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly PriorityQueue<SimulatedRun, (DateTimeOffset At, long Order)> _toCome = new();
    private readonly ITimer _timer = time.CreateTimer(_ => wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private long _order;

    public void Add(SimulatedRun run) => _toCome.Enqueue(run, (run.DueAt, _order++));

    /// <summary>The first that has not ended, and when it is due.</summary>
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

    /// <summary>Takes the first one if it is due; otherwise sets the timer for it.</summary>
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

    /// <returns>False if the time has come already.</returns>
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
        // A clock that is moved by hand may have jumped between the look at it and the setting of the timer.
        return due > time.GetUtcNow();
    }
}
