using System.Text;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>Adds a batch of events, by the rules of the documentation page PutLogEvents.</summary>
internal static class PutLogEvents
{
    public static async Task<LogsWire.PutLogEventsResponse> AnswerAsync(LogsCall call, LogsWire.PutLogEventsRequest request)
    {
        var events = request.LogEvents!.Select(e => new NewLogEvent(e.Timestamp!.Value, e.Message!)).ToList();
        Check(events);
        var stream = new LogStreamKey(call.Scope, request.LogGroupName!, request.LogStreamName!);
        var retention = await call.Store.ReadAsync(
            snapshot =>
            {
                snapshot.RequireStream(stream);
                return snapshot.RequireGroup(stream.Group).RetentionInDays;
            },
            call.Cancellation);
        var (accepted, rejected) = Sift(events, call.Store.Time.GetUtcNow(), retention);
        await call.Store.WriteAsync(
            transaction =>
            {
                if (!transaction.AddEvents(stream, accepted))
                {
                    // One of them has been deleted meanwhile.
                    transaction.RequireGroup(stream.Group);
                    throw LogsException.StreamNotFound();
                }
            },
            isLarge: true);
        return new()
        {
            // Still answered, though unused since 2023.
            NextSequenceToken = LogPosition.Start.ToString(),
            RejectedLogEventsInfo = rejected,
        };
    }

    private static void Check(List<NewLogEvent> events)
    {
        for (var i = 1; i < events.Count; i++)
        {
            if (events[i].At < events[i - 1].At)
            {
                throw LogsException.InvalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }

        if (events[^1].At - events[0].At > (long)LogLimits.BatchSpan.TotalMilliseconds)
        {
            throw LogsException.InvalidParameter(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }

        var bytes = events.Sum(e => Encoding.UTF8.GetByteCount(e.Message) + (long)LogEvent.OverheadBytes);
        if (bytes > LogLimits.MaximumBatchBytes)
        {
            throw LogsException.InvalidParameter($"Upload too large: {bytes} bytes exceeds limit of {LogLimits.MaximumBatchBytes}");
        }
    }

    /// <summary>Returns the events within the allowed time; as they are in order, the others are at the ends.</summary>
    private static (List<NewLogEvent> Accepted, LogsWire.RejectedLogEventsInfo? Rejected) Sift(
        List<NewLogEvent> events, DateTimeOffset now, int? retentionInDays)
    {
        var oldest = (now - LogLimits.OldestEvent).ToUnixTimeMilliseconds();
        var newest = (now + LogLimits.NewestEvent).ToUnixTimeMilliseconds();
        var kept = retentionInDays is { } days ? now.AddDays(-days).ToUnixTimeMilliseconds() : 0;

        var tooOld = events.TakeWhile(e => e.At < oldest).Count();
        var expired = events.TakeWhile(e => e.At < kept).Count();
        var tooNew = events.FindIndex(e => e.At > newest);
        var first = Math.Max(tooOld, expired);
        var end = tooNew < 0 ? events.Count : tooNew;
        var accepted = first < end ? events.GetRange(first, end - first) : [];
        return accepted.Count == events.Count
            ? (accepted, null)
            : (accepted, new()
            {
                TooNewLogEventStartIndex = tooNew < 0 ? null : tooNew,
                TooOldLogEventEndIndex = tooOld == 0 ? null : tooOld,
                ExpiredLogEventEndIndex = expired == 0 ? null : expired,
            });
    }
}
