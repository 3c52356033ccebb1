using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>TagResource, UntagResource and ListTagsForResource; log groups are the only resources with tags.</summary>
internal static class ResourceTags
{
    public static Task TagAsync(LogsCall call, TagResourceRequest request)
    {
        var group = GroupOf(call, request.ResourceArn!);
        return call.Store.WriteAsync(tables =>
        {
            tables.Groups.Tag(call.Scope, group, request.Tags!);
            return true;
        });
    }

    public static Task UntagAsync(LogsCall call, UntagResourceRequest request)
    {
        var group = GroupOf(call, request.ResourceArn!);
        return call.Store.WriteAsync(tables =>
        {
            tables.Groups.Untag(call.Scope, group, request.TagKeys!);
            return true;
        });
    }

    public static async Task<ListTagsForResourceResponse> ListAsync(LogsCall call, ListTagsForResourceRequest request)
    {
        var group = GroupOf(call, request.ResourceArn!);
        return new()
        {
            Tags = await call.Store.ReadAsync(queries => queries.Tags(queries.RequireGroup(call.Scope, group).Id), call.Cancellation),
        };
    }

    private static string GroupOf(LogsCall call, string arn) => arn.StartsWith("arn:", StringComparison.Ordinal)
        ? LogArn.GroupName(call.Scope, arn)
        : throw LogsException.InvalidParameter($"The ARN '{arn}' is not the ARN of a log group.");
}
