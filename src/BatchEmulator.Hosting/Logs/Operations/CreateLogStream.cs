using BatchEmulator.Contract.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class CreateLogStream
{
    public static Task AnswerAsync(LogsCall call, CreateLogStreamRequest request) => call.Store.WriteAsync(tables =>
    {
        tables.Groups.CreateStream(call.Scope, request.LogGroupName!, request.LogStreamName!);
        return true;
    });
}
