using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DeleteLogStream
{
    public static async Task AnswerAsync(LogsCall call, LogsWire.DeleteLogStreamRequest request)
    {
        var stream = new LogStreamKey(call.Scope, request.LogGroupName!, request.LogStreamName!);
        await call.Store.WriteAsync(transaction =>
        {
            transaction.RequireStream(stream);
            transaction.RemoveStream(stream);
        });
        call.Store.RequestPurge();
    }
}
