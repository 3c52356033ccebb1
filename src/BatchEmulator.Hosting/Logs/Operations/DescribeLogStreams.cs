using System.Globalization;
using BatchEmulator.Contract.Logs;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DescribeLogStreams
{
    public static async Task<DescribeLogStreamsResponse> AnswerAsync(LogsCall call, DescribeLogStreamsRequest request)
    {
        var group = LogArn.GroupName(call.Scope, request.LogGroupName, request.LogGroupIdentifier);
        var byLastEvent = string.Equals(request.OrderBy, OrderBy.LastEventTime, StringComparison.Ordinal);
        if (byLastEvent && request.LogStreamNamePrefix is not null)
        {
            throw LogsException.InvalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var limit = request.Limit ?? LogLimits.MaxPageEntries;
        var descending = request.Descending ?? false;
        var token = PageToken.Read(request.NextToken);
        var rows = await call.Store.ReadAsync(
            queries =>
            {
                var groupId = queries.RequireGroup(call.Scope, group).Id;
                return byLastEvent
                    ? queries.StreamsByLastEvent(groupId, ReadPlace(token), descending, limit + 1)
                    : queries.StreamsByName(groupId, request.LogStreamNamePrefix ?? "", token, descending, limit + 1);
            },
            call.Cancellation);
        return new()
        {
            LogStreams = [.. rows.Take(limit).Select(row => Shown(call.Scope, group, row))],
            NextToken = rows.Count > limit ? Token(rows[limit - 1], byLastEvent) : null,
        };
    }

    private static string Token(LogStreamRow last, bool byLastEvent) =>
        PageToken.Of(byLastEvent ? string.Create(CultureInfo.InvariantCulture, $"{last.LastEventAt ?? 0}:{last.Name}") : last.Name);

    private static (long At, string Name)? ReadPlace(string? token)
    {
        if (token is null)
        {
            return null;
        }

        var colon = token.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(token.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? (at, token[(colon + 1)..])
            : throw LogsException.InvalidToken();
    }

    private static LogStream Shown(Scope scope, string group, LogStreamRow row) => new()
    {
        LogStreamName = row.Name,
        CreationTime = row.CreatedAt,
        FirstEventTimestamp = row.FirstEventAt,
        LastEventTimestamp = row.LastEventAt,
        LastIngestionTime = row.LastIngestedAt,
        UploadSequenceToken = LogPosition.Start.ToString(),
        Arn = LogArn.Stream(scope, group, row.Name),
        // Always zero since 2019, as the documentation of the LogStream type says.
        StoredBytes = 0,
    };
}
