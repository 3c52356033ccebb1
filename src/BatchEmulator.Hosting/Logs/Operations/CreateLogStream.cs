using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs.Operations;

internal static class CreateLogStream
{
    public static Task AnswerAsync(LogsCall call, LogsWire.CreateLogStreamRequest request)
    {
        var stream = new LogStreamKey(call.Scope, request.LogGroupName!, request.LogStreamName!);
        return call.Store.WriteAsync(transaction =>
        {
            transaction.RequireGroup(stream.Group);
            if (!transaction.AddStream(stream))
            {
                throw LogsException.StreamExists();
            }
        });
    }
}
