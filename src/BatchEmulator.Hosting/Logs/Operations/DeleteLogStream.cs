using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class DeleteLogStream
{
    public static Task AnswerAsync(LogsCall call, DeleteLogStreamRequest request) => call.Store.WriteAsync(tables =>
    {
        tables.Groups.DeleteStream(call.Scope, request.LogGroupName!, request.LogStreamName!);
        return true;
    });
}
