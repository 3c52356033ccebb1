using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>
/// A page of one stream. Every answer has a token for either direction; the same token comes back if there are no more events in that
/// direction, and a client that keeps asking with it sees the next output of the job.
/// </summary>
internal static class GetLogEvents
{
    private const string Forward = "f/";
    private const string Backward = "b/";
    private const string End = "/s";

    public static async Task<LogsWire.GetLogEventsResponse> AnswerAsync(LogsCall call, LogsWire.GetLogEventsRequest request)
    {
        var stream = new LogStreamKey(
            LogArn.ParseGroup(call.Scope, request.LogGroupName, request.LogGroupIdentifier), request.LogStreamName!);
        var token = request.NextToken is { } text ? ReadToken(text) : default((bool IsForward, LogPosition Place)?);

        // Both ends are excluded; no event has the sequence 0, so (startTime, 0) is immediately before the first event of that time.
        var after = new LogPosition(request.StartTime ?? 0, 0);
        var before = new LogPosition(request.EndTime ?? long.MaxValue, 0);
        if (token is { IsForward: true, Place: var from } && from > after)
        {
            after = from;
        }
        else if (token is { IsForward: false, Place: var to } && to < before)
        {
            before = to;
        }

        var isFromEnd = token is { } given ? !given.IsForward : request.StartFromHead != true;
        var events = await call.Store.ReadAsync(
            snapshot =>
            {
                snapshot.RequireStream(stream);
                return Page(snapshot.Events(stream, after, before, isFromEnd), request.Limit ?? LogLimits.MaximumPageEvents);
            },
            call.Cancellation);
        if (isFromEnd)
        {
            events.Reverse();
        }

        var (forward, backward) = events.Count > 0 ? (events[^1].Position, events[0].Position) : Nothing(token, after);
        return new()
        {
            Events =
            [
                .. events.Select(
                    e => new LogsWire.OutputLogEvent { Timestamp = e.Position.At, Message = e.Message, IngestionTime = e.IngestedAt }),
            ],
            NextForwardToken = $"{Forward}{forward}{End}",
            NextBackwardToken = $"{Backward}{backward}{End}",
        };
    }

    private static List<LogEvent> Page(IEnumerable<LogEvent> events, int limit)
    {
        var page = new List<LogEvent>();
        var bytes = 0;
        foreach (var item in events.Take(limit))
        {
            bytes += item.MessageBytes;
            if (bytes > LogLimits.MaximumPageBytes && page.Count > 0)
            {
                break;
            }

            page.Add(item);
        }

        return page;
    }

    /// <summary>Returns the same token, and for the way back one that begins with the last returned event.</summary>
    private static (LogPosition Forward, LogPosition Backward) Nothing(
        (bool IsForward, LogPosition Place)? token, LogPosition after) =>
        token switch
        {
            { IsForward: true, Place: var place } => (place, place with { Sequence = place.Sequence + 1 }),
            { IsForward: false, Place: var place } => (place with { Sequence = Math.Max(0, place.Sequence - 1) }, place),
            null => (after, after),
        };

    private static (bool IsForward, LogPosition Place) ReadToken(string token)
    {
        var isForward = token.StartsWith(Forward, StringComparison.Ordinal);
        var wellFormed = (isForward || token.StartsWith(Backward, StringComparison.Ordinal))
            && token.EndsWith(End, StringComparison.Ordinal)
            && token.Length > Forward.Length + End.Length;
        return wellFormed && LogPosition.Parse(token.AsSpan(Forward.Length, token.Length - Forward.Length - End.Length)) is { } place
            ? (isForward, place)
            : throw LogsException.InvalidToken();
    }
}
