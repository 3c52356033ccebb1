namespace BatchEmulator.Hosting.Batch;

internal sealed partial class BatchEndpoint
{
    [LoggerMessage(LogLevel.Error, "{Operation} failed, request {RequestId}.")]
    private partial void OperationFailed(Exception exception, string operation, string requestId);
}
