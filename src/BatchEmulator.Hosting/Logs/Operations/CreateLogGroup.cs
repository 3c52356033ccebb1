using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class CreateLogGroup
{
    public static Task AnswerAsync(LogsCall call, LogsWire.CreateLogGroupRequest request)
    {
        var group = new LogGroupKey(call.Scope, request.LogGroupName!);
        if (group.Name.StartsWith("aws/", StringComparison.OrdinalIgnoreCase))
        {
            throw LogsException.InvalidParameter("Log groups starting with AWS/ are reserved for AWS.");
        }

        var settings = new LogGroupSettings(
            request.LogGroupClass ?? LogsWire.LogGroupClass.Standard, request.KmsKeyId, request.DeletionProtectionEnabled ?? false);
        return call.Store.WriteAsync(transaction =>
        {
            if (!transaction.AddGroup(group, settings))
            {
                throw LogsException.GroupExists();
            }

            if (request.Tags is { } tags)
            {
                transaction.PatchTags(group, tags.ToDictionary(tag => tag.Key, string? (tag) => tag.Value, StringComparer.Ordinal));
            }
        });
    }
}
