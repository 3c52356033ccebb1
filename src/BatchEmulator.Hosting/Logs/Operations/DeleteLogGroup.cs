using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DeleteLogGroup
{
    public static Task AnswerAsync(LogsCall call, DeleteLogGroupRequest request) => call.Store.WriteAsync(tables =>
    {
        tables.Groups.DeleteGroup(call.Scope, request.LogGroupName!);
        return true;
    });
}
