using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Faults;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>AWS Batch: every operation has its path and method.</summary>
internal sealed class BatchEndpoint(OperationInvoker invoker, ApiFaults faults, LargeBodies bodies, ILogger<OperationServer> logger)
{
    private readonly RouteTable _routes = new();
    private readonly OperationServer _server = new(WireFormat.RestJson, BatchErrors.Of, bodies, logger);

    public Task HandleAsync(HttpContext context, Scope scope, string requestId)
    {
        if (_routes.Find(context, out var route) is { } error)
        {
            return error.WriteAsync(context.Response);
        }

        if (faults.Next(route!.Operation.Name) is { } fault)
        {
            return fault.WriteAsync(context.Response);
        }

        var uri = new UriMembers(route.Label, context.Request.Query);
        var operation = new ServedOperation(
            route.Operation.Name, route.BodyLimit, (body, cancellation) => invoker.InvokeAsync(route.Handler, scope, body, uri, cancellation));
        return _server.ServeAsync(context, operation, requestId);
    }
}
