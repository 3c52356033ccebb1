using System.Globalization;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DescribeLogStreams
{
    public static async Task<LogsWire.DescribeLogStreamsResponse> AnswerAsync(LogsCall call, LogsWire.DescribeLogStreamsRequest request)
    {
        var group = LogArn.ParseGroup(call.Scope, request.LogGroupName, request.LogGroupIdentifier);
        var isByLastEvent = string.Equals(request.OrderBy, LogsWire.OrderBy.LastEventTime, StringComparison.Ordinal);
        if (isByLastEvent && request.LogStreamNamePrefix is not null)
        {
            throw LogsException.InvalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var limit = request.Limit ?? LogLimits.MaximumPageEntries;
        // One more than requested shows if there is a next page.
        var query = new LogStreamQuery(group, limit + 1)
        {
            Prefix = request.LogStreamNamePrefix ?? "",
            IsByLastEvent = isByLastEvent,
            IsDescending = request.Descending ?? false,
            After = ReadToken(request.NextToken, isByLastEvent),
        };
        var streams = await call.Store.ReadAsync(
            snapshot =>
            {
                snapshot.RequireGroup(group);
                return snapshot.Streams(query);
            },
            call.Cancellation);
        return new()
        {
            LogStreams = [.. streams.Take(limit).Select(stream => ToWire(group, stream))],
            NextToken = streams.Count > limit ? Token(streams[limit - 1], isByLastEvent) : null,
        };
    }

    private static string Token(LogStream last, bool isByLastEvent) =>
        PageToken.Of(isByLastEvent ? string.Create(CultureInfo.InvariantCulture, $"{last.LastEventAt ?? 0}:{last.Name}") : last.Name);

    private static LogStreamPlace? ReadToken(string? token, bool isByLastEvent)
    {
        if (PageToken.Read(token) is not { } place)
        {
            return null;
        }

        if (!isByLastEvent)
        {
            return new(place);
        }

        var colon = place.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(place.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(place[(colon + 1)..], at)
            : throw LogsException.InvalidToken();
    }

    private static LogsWire.LogStream ToWire(LogGroupKey group, LogStream stream) => new()
    {
        LogStreamName = stream.Name,
        CreationTime = stream.CreatedAt,
        FirstEventTimestamp = stream.FirstEventAt,
        LastEventTimestamp = stream.LastEventAt,
        LastIngestionTime = stream.LastIngestedAt,
        UploadSequenceToken = LogPosition.Start.ToString(),
        Arn = LogArn.Stream(group.Scope, group.Name, stream.Name),
        // Always zero since 2019, as the documentation of the LogStream type says.
        StoredBytes = 0,
    };
}
