using System.Diagnostics;
using BatchEmulator.Contract.Logs;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs.Filtering;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Collects the matching events of a scan until the page is full or enough was looked at.</summary>
internal sealed class FilteredPage(FilterPattern pattern, int limit)
{
    private readonly List<FilteredLogEvent> _events = [];

    public IReadOnlyList<FilteredLogEvent> Events => _events;

    /// <summary>Null when the scan came to its end.</summary>
    public string? NextToken { get; private set; }

    public void Fill(IEnumerable<LogQueries.ScannedEvent> scan, CancellationToken cancellation)
    {
        // Real time, whatever the emulator's clock shows: it is a thread that is held.
        var started = Stopwatch.GetTimestamp();
        LogPosition? seen = null;
        int looked = 0, pageBytes = 0;
        long scannedBytes = 0;
        foreach (var at in scan)
        {
            cancellation.ThrowIfCancellationRequested();
            var enough = _events.Count >= limit
                || looked >= LogLimits.MaxScannedEvents
                || scannedBytes >= LogLimits.MaxScannedBytes
                || (looked > 0 && Stopwatch.GetElapsedTime(started) >= LogLimits.MaxScanTime);
            if (enough)
            {
                NextToken = seen.ToString();
                return;
            }

            looked++;
            if (at.IsWanted)
            {
                var item = at.Read();
                scannedBytes += item.MessageBytes;
                if (pattern.Matches(item.Message))
                {
                    pageBytes += item.MessageBytes;
                    if (pageBytes > LogLimits.MaxPageBytes && _events.Count > 0)
                    {
                        NextToken = seen.ToString();
                        return;
                    }

                    _events.Add(Shown(item, at.Stream));
                }
            }

            seen = at.Position;
        }
    }

    private static FilteredLogEvent Shown(LogEventRow item, string stream) => new()
    {
        LogStreamName = stream,
        Timestamp = item.Position.At,
        Message = item.Message,
        IngestionTime = item.IngestedAt,
        EventId = item.Position.ToString(),
    };
}
