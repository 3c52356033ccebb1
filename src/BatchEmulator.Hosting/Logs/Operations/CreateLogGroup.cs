using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class CreateLogGroup
{
    public static Task AnswerAsync(LogsCall call, CreateLogGroupRequest request)
    {
        var name = request.LogGroupName!;
        if (name.StartsWith("aws/", StringComparison.OrdinalIgnoreCase))
        {
            throw LogsException.InvalidParameter("Log groups starting with AWS/ are reserved for AWS.");
        }

        return call.Store.WriteAsync(tables =>
        {
            tables.Groups.CreateGroup(
                call.Scope,
                name,
                request.LogGroupClass ?? LogGroupClass.Standard,
                request.KmsKeyId,
                request.DeletionProtectionEnabled ?? false,
                request.Tags);
            return true;
        });
    }
}
