using BatchEmulator.Contract.Logs;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DescribeLogGroups
{
    public static async Task<DescribeLogGroupsResponse> AnswerAsync(LogsCall call, DescribeLogGroupsRequest request)
    {
        if (request is { LogGroupNamePrefix: not null, LogGroupNamePattern: not null })
        {
            throw LogsException.InvalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }

        if (request.LogGroupIdentifiers is { } identifiers)
        {
            return await NamedAsync(call, request, identifiers);
        }

        var limit = request.Limit ?? LogLimits.MaxPageEntries;
        var after = PageToken.Read(request.NextToken) ?? "";
        // One more than asked for tells whether there is a next page.
        var rows = await call.Store.ReadAsync(
            queries => queries.Groups(
                call.Scope, request.LogGroupNamePrefix ?? "", request.LogGroupNamePattern ?? "", request.LogGroupClass, after, limit + 1),
            call.Cancellation);
        return new()
        {
            LogGroups = [.. rows.Take(limit).Select(row => Shown(call.Scope, row))],
            NextToken = rows.Count > limit ? PageToken.Of(rows[limit - 1].Name) : null,
        };
    }

    private static async Task<DescribeLogGroupsResponse> NamedAsync(LogsCall call, DescribeLogGroupsRequest request, IReadOnlyList<string> identifiers)
    {
        if (request is not { LogGroupNamePrefix: null, LogGroupNamePattern: null })
        {
            throw LogsException.InvalidParameter("logGroupIdentifiers cannot be specified together with a log group name prefix or pattern.");
        }

        var names = identifiers.Select(identifier => LogArn.GroupName(call.Scope, identifier)).Distinct(StringComparer.Ordinal).ToList();
        var rows = await call.Store.ReadAsync(
            queries => names.Select(name => queries.FindGroup(call.Scope, name)).OfType<LogGroupRow>().ToList(), call.Cancellation);
        return new() { LogGroups = [.. rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => Shown(call.Scope, row))] };
    }

    private static LogGroup Shown(Scope scope, LogGroupRow row) => new()
    {
        LogGroupName = row.Name,
        CreationTime = row.CreatedAt,
        RetentionInDays = row.RetentionInDays,
        MetricFilterCount = 0,
        // The older member ends in ":*", the newer one does not.
        Arn = LogArn.Group(scope, row.Name) + ":*",
        LogGroupArn = LogArn.Group(scope, row.Name),
        StoredBytes = row.StoredBytes,
        KmsKeyId = row.KmsKeyId,
        LogGroupClass = row.Class,
        DeletionProtectionEnabled = row.DeletionProtected,
    };
}
