using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

/// <summary>TagResource, UntagResource and ListTagsForResource; log groups are the only resources with tags.</summary>
internal static class ResourceTags
{
    public static Task TagAsync(LogsCall call, LogsWire.TagResourceRequest request)
    {
        var (group, tags) = (GroupOf(call, request.ResourceArn!), request.Tags!);
        return call.Store.WriteAsync(transaction =>
        {
            if (transaction.RequireTags(group).Keys.Union(tags.Keys, StringComparer.Ordinal).Count() > LogLimits.MaximumTags)
            {
                throw new LogsException("TooManyTagsException", $"A log group can have {LogLimits.MaximumTags} tags at most.");
            }

            transaction.PatchTags(group, tags.ToDictionary(tag => tag.Key, string? (tag) => tag.Value, StringComparer.Ordinal));
        });
    }

    public static Task UntagAsync(LogsCall call, LogsWire.UntagResourceRequest request)
    {
        var group = GroupOf(call, request.ResourceArn!);
        var removed = request.TagKeys!.Distinct(StringComparer.Ordinal)
            .ToDictionary(key => key, string? (_) => null, StringComparer.Ordinal);
        return call.Store.WriteAsync(transaction =>
        {
            if (!transaction.PatchTags(group, removed))
            {
                throw LogsException.GroupNotFound();
            }
        });
    }

    public static async Task<LogsWire.ListTagsForResourceResponse> ListAsync(LogsCall call, LogsWire.ListTagsForResourceRequest request)
    {
        var group = GroupOf(call, request.ResourceArn!);
        return new() { Tags = await call.Store.ReadAsync(snapshot => snapshot.RequireTags(group), call.Cancellation) };
    }

    private static LogGroupKey GroupOf(LogsCall call, string arn) => arn.StartsWith("arn:", StringComparison.Ordinal)
        ? LogArn.ParseGroup(call.Scope, arn)
        : throw LogsException.InvalidParameter($"The ARN '{arn}' is not the ARN of a log group.");
}
