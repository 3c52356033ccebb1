namespace BatchEmulator.Executors.Docker;

/// <summary>
/// Where a reading of a container's log has come to, in terms in which the engine can be asked for the rest: a second, and how many
/// records from that second on have been taken. Two seconds are remembered, because the records of standard output and standard error
/// may stand a little out of order. If a record is older than that, the machine's clock was set back, and only the whole log has all
/// records.
/// </summary>
internal sealed class LogPosition
{
    private Window _earlier = new(0);
    private Window _latest = new(0);
    private long _records;
    private bool _isWhole;

    /// <summary>Unix time in seconds; null for the beginning of the log.</summary>
    public long? Since => _isWhole || _latest.Records == 0 ? null : _earlier.Records == 0 ? _latest.Second : _earlier.Second;

    /// <summary>Number of records read with a stamp of <see cref="Since"/> or later.</summary>
    public long RecordsSince => _isWhole ? _records : _earlier.Records == 0 ? _latest.Records : _earlier.Records;

    public void Pass(DateTimeOffset stamp)
    {
        var second = stamp.ToUnixTimeSeconds();
        _records++;
        _isWhole |= _latest.Records > 0 && second < (_earlier.Records == 0 ? _latest.Second - 1 : _earlier.Second);
        if (second > _latest.Second || _latest.Records == 0)
        {
            _earlier = _latest;
            _latest = new Window(second);
        }

        if (second >= _latest.Second)
        {
            _latest.Records++;
        }

        if (_earlier.Records > 0 && second >= _earlier.Second)
        {
            _earlier.Records++;
        }
    }

    private sealed class Window(long second)
    {
        public long Second => second;

        public long Records { get; set; }
    }
}
