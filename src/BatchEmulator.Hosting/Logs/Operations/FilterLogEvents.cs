using BatchEmulator.Contract.Logs;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs.Filtering;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>
/// The events of a group's streams that match a pattern, in the order of their time. A request looks at a bounded number of events;
/// as in CloudWatch Logs a page may be empty and still have a token for the next one.
/// </summary>
internal static class FilterLogEvents
{
    public static async Task<FilterLogEventsResponse> AnswerAsync(LogsCall call, FilterLogEventsRequest request)
    {
        var group = LogArn.GroupName(call.Scope, request.LogGroupName, request.LogGroupIdentifier);
        if (request is { LogStreamNames: not null, LogStreamNamePrefix: not null })
        {
            throw LogsException.InvalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
        }

        var pattern = FilterPattern.Parse(request.FilterPattern ?? "");
        var after = new LogPosition(request.StartTime ?? 0, 0);
        // The end is included: "events with a timestamp later than this time are not returned" (documentation page FilterLogEvents).
        var before = request.EndTime is { } end and < long.MaxValue ? new LogPosition(end + 1, 0) : new LogPosition(long.MaxValue, 0);
        if (request.NextToken is { } token && (LogPosition.Parse(token) ?? throw LogsException.InvalidToken()) is var place && place > after)
        {
            after = place;
        }

        return await call.Store.ReadAsync(
            queries =>
            {
                var page = new FilteredPage(pattern, request.Limit ?? LogLimits.MaxPageEvents);
                page.Fill(Scan(queries, queries.RequireGroup(call.Scope, group).Id, request, after, before), call.Cancellation);
                return new FilterLogEventsResponse { Events = page.Events, SearchedLogStreams = [], NextToken = page.NextToken };
            },
            call.Cancellation);
    }

    private static IEnumerable<LogQueries.ScannedEvent> Scan(
        LogQueries queries, long groupId, FilterLogEventsRequest request, LogPosition after, LogPosition before)
    {
        if (request.LogStreamNames is { } names)
        {
            var streams = names.Distinct(StringComparer.Ordinal)
                .Select(name => queries.FindStream(groupId, name) ?? throw LogsException.StreamNotFound())
                .ToList();
            return queries.ScanStreams(streams, after, before);
        }

        if (request.LogStreamNamePrefix is { } prefix)
        {
            var streams = queries.StreamsByName(groupId, prefix, after: null, descending: false, LogLimits.MaxMergedStreams + 1);
            return streams.Count <= LogLimits.MaxMergedStreams
                ? queries.ScanStreams(streams, after, before)
                : queries.ScanGroup(groupId, after, before, prefix);
        }

        return queries.ScanGroup(groupId, after, before);
    }
}
