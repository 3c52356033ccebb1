namespace BatchEmulator.Core.Engine;

/// <summary>Time for projections that measure it. It stands still while the state is being loaded.</summary>
internal sealed class TurnTime
{
    private DateTimeOffset _now;

    /// <summary>Time of the first turn, or of the last reset; null before the first turn.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Milliseconds since then.</summary>
    public long Elapsed { get; private set; }

    /// <summary>Takes in that a turn begins.</summary>
    public void MoveTo(DateTimeOffset now)
    {
        _now = now;
        Since ??= now;

        // The clock may be set back right before a reset.
        Elapsed = Math.Max(Elapsed, (now - Since.Value).Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Measures from now on.</summary>
    public void Restart() => (Since, Elapsed) = (Since is null ? null : _now, 0);
}
