using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DeleteLogGroup
{
    public static async Task AnswerAsync(LogsCall call, LogsWire.DeleteLogGroupRequest request)
    {
        var group = new LogGroupKey(call.Scope, request.LogGroupName!);
        await call.Store.WriteAsync(transaction =>
        {
            if (transaction.RequireGroup(group).Settings.IsDeletionProtected)
            {
                throw new LogsException("ValidationException", "The specified log group has deletion protection enabled.");
            }

            transaction.RemoveGroup(group);
        });
        call.Store.RequestPurge();
    }
}
