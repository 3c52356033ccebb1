using System.Text.Json;
using BatchEmulator.Core;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>The AWS Batch protocol, REST-JSON: finds the operation, carries it out, writes the answer.</summary>
internal sealed partial class BatchEndpoint(OperationInvoker invoker, ILogger<BatchEndpoint> logger)
{
    private readonly RouteTable _routes = new();

    public async Task HandleAsync(HttpContext context, Scope scope, string requestId)
    {
        var error = _routes.Find(context, out var route) ?? await HandleAsync(context, route!, scope, requestId);
        if (error is not null)
        {
            await error.WriteAsync(context.Response);
        }
    }

    private async ValueTask<WireError?> HandleAsync(HttpContext context, Route route, Scope scope, string requestId)
    {
        if (route.Handler is null)
        {
            return WireError.Wrapped($"{route.Operation.Name} is not supported by Batch Emulator yet.", requestId);
        }

        try
        {
            await WriteAsync(context.Response, await InvokeAsync(context, route, route.Handler, scope));
            return null;
        }
        catch (ClientException refusal)
        {
            return WireError.Of(refusal, requestId);
        }
        catch (JsonException)
        {
            return WireError.Unparsable;
        }
        catch (PayloadTooLargeException exception)
        {
            return exception.Limit < RouteTable.MaximumBody ? WireError.Wrapped(exception.Message, requestId) : WireError.TooLarge;
        }
        catch (UnreadableBodyException exception)
        {
            // Where the next request would begin is not known.
            context.Response.Headers.Connection = "close";
            return WireError.Unparsable with { Status = exception.Status };
        }
        catch (EngineStoppedException exception)
        {
            // The engine has logged why.
            return WireError.Internal with { Message = exception.Message };
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or BadHttpRequestException or IOException))
        {
            OperationFailed(exception, route.Operation.Name, requestId);
            return WireError.Internal;
        }
    }

    private async Task<byte[]> InvokeAsync(HttpContext context, Route route, OperationHandler handler, Scope scope)
    {
        var body = await BodyReader.ReadAsync(context.Request, route.BodyLimit)
            ?? throw new PayloadTooLargeException(route.Operation.Name, route.BodyLimit, context.Request.ContentLength);
        Task<byte[]> response;
        try
        {
            response = invoker.InvokeAsync(handler, scope, body, new UriMembers(route.Label, context.Request.Query), context.RequestAborted);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }

        return await response;
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
