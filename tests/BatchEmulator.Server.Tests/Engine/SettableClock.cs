namespace BatchEmulator.Server.Tests.Engine;

/// <summary>A machine's clock that can be set, while its count of elapsed time continues regardless. Its timers are real.</summary>
internal sealed class SettableClock : TimeProvider
{
    private long _timestamp;

    public DateTimeOffset Now { get; set; } = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => _timestamp;

    public void Pass(TimeSpan time)
    {
        Now += time;
        _timestamp += time.Ticks;
    }
}
