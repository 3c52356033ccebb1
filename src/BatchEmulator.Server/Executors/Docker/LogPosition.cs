namespace BatchEmulator.Server.Executors.Docker;

/// <summary>
/// Where a reading of a container's log has come to, in terms in which the engine can be asked for the rest: a second, and how many
/// records from that second on have been taken. Two seconds are remembered, because the records of standard output and standard error
/// may stand a little out of order.
/// </summary>
internal sealed class LogPosition
{
    private Window earlier = new(0);
    private Window latest = new(0);

    /// <summary>A Unix time in seconds; null before the first record.</summary>
    public long? Since => latest.Records == 0 ? null : earlier.Records == 0 ? latest.Second : earlier.Second;

    /// <summary>How many records with a stamp of <see cref="Since"/> or later have been taken.</summary>
    public long RecordsSince => earlier.Records == 0 ? latest.Records : earlier.Records;

    public void Pass(DateTimeOffset stamp)
    {
        var second = stamp.ToUnixTimeSeconds();
        if (second > latest.Second || latest.Records == 0)
        {
            earlier = latest;
            latest = new Window(second);
        }

        if (second >= latest.Second)
        {
            latest.Records++;
        }

        if (earlier.Records > 0 && second >= earlier.Second)
        {
            earlier.Records++;
        }
    }

    private sealed class Window(long second)
    {
        public long Second => second;

        public long Records { get; set; }
    }
}
