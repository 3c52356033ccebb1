using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Logs;

/// <summary>CloudWatch Logs: <c>POST /</c> with <c>X-Amz-Target: Logs_20140328.Operation</c>.</summary>
internal sealed class LogsEndpoint(QueuedLogStore store, LargeBodies bodies, ILogger<OperationServer> logger)
{
    /// <summary>Beginning of the header <c>X-Amz-Target</c> of every request to CloudWatch Logs.</summary>
    public const string TargetPrefix = "Logs_20140328.";

    private readonly OperationServer _server = new(WireFormat.Json11, LogsErrors.Of, bodies, logger);

    public Task HandleAsync(HttpContext context, Scope scope, string requestId)
    {
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        if (LogsOperations.Find(target) is not { } handler)
        {
            return LogsErrors.UnknownOperation(target).WriteAsync(context.Response, WireFormat.Json11);
        }

        var operation = new ServedOperation(
            handler.Operation.Name,
            LogLimits.MaximumBodyBytes,
            (body, cancellation) => handler.InvokeAsync(body, new LogsCall(scope, store, cancellation)));
        return _server.ServeAsync(context, operation, requestId);
    }
}
