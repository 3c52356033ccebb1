using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs.Filtering;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>
/// Matching events of a group's streams, in the order of their times. A request examines a bounded number of events; as in CloudWatch Logs
/// a page may be empty and still have a token for the next one.
/// </summary>
internal static class FilterLogEvents
{
    public static async Task<LogsWire.FilterLogEventsResponse> AnswerAsync(LogsCall call, LogsWire.FilterLogEventsRequest request)
    {
        var group = LogArn.ParseGroup(call.Scope, request.LogGroupName, request.LogGroupIdentifier);
        if (request is { LogStreamNames: not null, LogStreamNamePrefix: not null })
        {
            throw LogsException.InvalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
        }

        var pattern = FilterPattern.Parse(request.FilterPattern ?? "");
        var query = QueryOf(group, request);
        return await call.Store.ReadAsync(
            snapshot =>
            {
                snapshot.RequireGroup(group);
                foreach (var name in query.Streams ?? [])
                {
                    snapshot.RequireStream(new(group, name));
                }

                var page = new FilteredPage(pattern, request.Limit ?? LogLimits.MaximumPageEvents);
                page.Fill(snapshot.Scan(query), call.Cancellation);
                return new LogsWire.FilterLogEventsResponse { Events = page.Events, SearchedLogStreams = [], NextToken = page.NextToken };
            },
            call.Cancellation);
    }

    private static LogScanQuery QueryOf(LogGroupKey group, LogsWire.FilterLogEventsRequest request)
    {
        var after = new LogPosition(request.StartTime ?? 0, 0);
        // The end is included: "events with a timestamp later than this time are not returned" (documentation page FilterLogEvents).
        var before = request.EndTime is { } end and < long.MaxValue ? new LogPosition(end + 1, 0) : LogPosition.End;
        if (request.NextToken is { } token
            && (LogPosition.Parse(token) ?? throw LogsException.InvalidToken()) is var place
            && place > after)
        {
            after = place;
        }

        return new(group, after, before) { Streams = request.LogStreamNames, StreamPrefix = request.LogStreamNamePrefix ?? "" };
    }
}
