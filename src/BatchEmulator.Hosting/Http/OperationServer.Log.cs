namespace BatchEmulator.Hosting.Http;

internal sealed partial class OperationServer
{
    [LoggerMessage(LogLevel.Error, "{Operation} failed, request {RequestId}.")]
    private partial void OperationFailed(Exception exception, string operation, string requestId);
}
