using BatchEmulator.Hosting.Batch;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Logs;
using Microsoft.Extensions.Primitives;

namespace BatchEmulator.Hosting;

/// <summary>
/// Pipeline of a request: request id and headers; the guard against web pages; then one of three protocols, the emulator's own control
/// endpoints, CloudWatch Logs (recognized by its X-Amz-Target), or AWS Batch.
/// </summary>
internal sealed class RequestPipeline(
    BrowserGuard guard, RequestScope scopes, ControlEndpoint control, LogsEndpoint logs, BatchEndpoint batch)
{
    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString("D");
        AddHeaders(context.Response.Headers, requestId);
        if (guard.Refusal(context.Request) is { } refusal)
        {
            await WireError.Forbidden(refusal).WriteAsync(context.Response);
        }
        else if (context.Request.Path.StartsWithSegments(ControlEndpoint.Prefix, StringComparison.Ordinal, out var rest))
        {
            await control.HandleAsync(context, rest);
        }
        else if (context.Request.Headers["X-Amz-Target"] is { Count: > 0 } target
            && IsLogs(target)
            && HttpMethods.IsPost(context.Request.Method))
        {
            await logs.HandleAsync(context, scopes.Of(context.Request), requestId);
        }
        else
        {
            await batch.HandleAsync(context, scopes.Of(context.Request), requestId);
        }
    }

    private static bool IsLogs(StringValues target) => target[0]?.StartsWith(LogsEndpoint.TargetPrefix, StringComparison.Ordinal) == true;

    /// <summary>Headers of real responses, except Access-Control-Allow-Origin: no page may read a response.</summary>
    private static void AddHeaders(IHeaderDictionary headers, string requestId)
    {
        headers["x-amzn-RequestId"] = requestId;
        headers["x-amz-apigw-id"] = string.Concat(requestId.AsSpan(0, 8), requestId.AsSpan(9, 4), "=");
        headers["X-Amzn-Trace-Id"] = string.Concat(
            "Root=1-",
            requestId.AsSpan(0, 8),
            "-",
            string.Concat(requestId.AsSpan(9, 4), requestId.AsSpan(14, 4), requestId.AsSpan(19, 4), requestId.AsSpan(24, 12)));
    }
}
