using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DescribeLogGroups
{
    public static async Task<LogsWire.DescribeLogGroupsResponse> AnswerAsync(LogsCall call, LogsWire.DescribeLogGroupsRequest request)
    {
        if (request is { LogGroupNamePrefix: not null, LogGroupNamePattern: not null })
        {
            throw LogsException.InvalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        if (request.LogGroupIdentifiers is { } identifiers)
        {
            return await NamedAsync(call, request, identifiers);
        }

        var limit = request.Limit ?? LogLimits.MaximumPageEntries;
        // One more than requested shows if there is a next page.
        var query = new LogGroupQuery(call.Scope, limit + 1)
        {
            Prefix = request.LogGroupNamePrefix ?? "",
            Part = request.LogGroupNamePattern ?? "",
            Class = request.LogGroupClass,
            After = PageToken.Read(request.NextToken) ?? "",
        };
        var groups = await call.Store.ReadAsync(snapshot => snapshot.Groups(query), call.Cancellation);
        return new()
        {
            LogGroups = [.. groups.Take(limit).Select(group => ToWire(call.Scope, group))],
            NextToken = groups.Count > limit ? PageToken.Of(groups[limit - 1].Name) : null,
        };
    }

    private static async Task<LogsWire.DescribeLogGroupsResponse> NamedAsync(
        LogsCall call, LogsWire.DescribeLogGroupsRequest request, IReadOnlyList<string> identifiers)
    {
        if (request is not { LogGroupNamePrefix: null, LogGroupNamePattern: null })
        {
            throw LogsException.InvalidParameter(
                "logGroupIdentifiers cannot be specified together with a log group name prefix or pattern.");
        }

        var keys = identifiers.Select(identifier => LogArn.ParseGroup(call.Scope, identifier)).Distinct().ToList();
        var groups = await call.Store.ReadAsync(
            snapshot => keys.Select(snapshot.FindGroup).OfType<LogGroup>().ToList(), call.Cancellation);
        return new()
        {
            LogGroups = [.. groups.OrderBy(group => group.Name, StringComparer.Ordinal).Select(group => ToWire(call.Scope, group))],
        };
    }

    private static LogsWire.LogGroup ToWire(Scope scope, LogGroup group) => new()
    {
        LogGroupName = group.Name,
        CreationTime = group.CreatedAt,
        RetentionInDays = group.RetentionInDays,
        MetricFilterCount = 0,
        // The older member ends in ":*", the newer one does not.
        Arn = LogArn.Group(scope, group.Name) + ":*",
        LogGroupArn = LogArn.Group(scope, group.Name),
        StoredBytes = group.StoredBytes,
        KmsKeyId = group.Settings.KmsKeyId,
        LogGroupClass = group.Settings.Class,
        DeletionProtectionEnabled = group.Settings.IsDeletionProtected,
    };
}
