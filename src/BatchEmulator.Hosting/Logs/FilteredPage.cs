using System.Diagnostics;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs.Filtering;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Collects the matching events of a scan until the page is full or a limit of the scan is reached.</summary>
internal sealed class FilteredPage(FilterPattern pattern, int limit)
{
    private readonly List<LogsWire.FilteredLogEvent> _events = [];

    public IReadOnlyList<LogsWire.FilteredLogEvent> Events => _events;

    /// <summary>Token of the next page; null at the end of the scan.</summary>
    public string? NextToken { get; private set; }

    public void Fill(IEnumerable<LogScanStep> scan, CancellationToken cancellation)
    {
        // Real time, independent of the emulator's clock: it limits the use of a thread.
        var started = Stopwatch.GetTimestamp();
        LogPosition? seen = null;
        int looked = 0, pageBytes = 0;
        long scannedBytes = 0;
        foreach (var (position, item) in scan)
        {
            cancellation.ThrowIfCancellationRequested();
            var enough = _events.Count >= limit
                || looked >= LogLimits.MaximumScannedEvents
                || scannedBytes >= LogLimits.MaximumScannedBytes
                || (looked > 0 && Stopwatch.GetElapsedTime(started) >= LogLimits.MaximumScanTime);
            if (enough)
            {
                NextToken = seen.ToString();
                return;
            }

            looked++;
            scannedBytes += item?.MessageBytes ?? 0;
            if (item is not null && pattern.Matches(item.Message))
            {
                pageBytes += item.MessageBytes;
                if (pageBytes > LogLimits.MaximumPageBytes && _events.Count > 0)
                {
                    NextToken = seen.ToString();
                    return;
                }

                _events.Add(ToWire(item));
            }

            seen = position;
        }
    }

    private static LogsWire.FilteredLogEvent ToWire(LogEvent item) => new()
    {
        LogStreamName = item.Stream,
        Timestamp = item.Position.At,
        Message = item.Message,
        IngestionTime = item.IngestedAt,
        EventId = item.Position.ToString(),
    };
}
