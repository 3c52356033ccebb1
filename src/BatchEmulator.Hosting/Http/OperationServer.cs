using BatchEmulator.Core.Operations;

namespace BatchEmulator.Hosting.Http;

/// <summary>Words the errors of a service.</summary>
/// <param name="exception">
/// A refusal, malformed JSON, an unreadable or oversized body; or any other exception, which the caller did not cause.
/// </param>
/// <param name="operation">Name of the operation.</param>
/// <param name="requestId">Id of the request.</param>
internal delegate WireError ErrorWording(Exception exception, string operation, string requestId);

/// <summary>Serves the operations of a service: reads the body, carries the operation out, writes the response or the error.</summary>
/// <param name="format">Protocol of the service.</param>
/// <param name="errorOf">Words its errors.</param>
/// <param name="bodies">Limit of the bodies of all requests together.</param>
/// <param name="logger">Logger.</param>
internal sealed partial class OperationServer(WireFormat format, ErrorWording errorOf, LargeBodies bodies, ILogger<OperationServer> logger)
{
    public async Task ServeAsync(HttpContext context, ServedOperation operation, string requestId)
    {
        WireError error;
        try
        {
            await format.WriteAsync(context.Response, await InvokeAsync(context, operation));
            return;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or BadHttpRequestException or IOException))
        {
            error = ErrorOf(context, exception, operation, requestId);
        }

        await error.WriteAsync(context.Response, format);
    }

    private async Task<byte[]> InvokeAsync(HttpContext context, ServedOperation operation)
    {
        var body = await BodyReader.ReadAsync(context.Request, operation.MaximumBody, bodies)
            ?? throw new PayloadTooLargeException(operation.MaximumBody, context.Request.ContentLength);
        Task<byte[]> response;
        try
        {
            response = operation.InvokeAsync(body, context.RequestAborted);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }

        return await response;
    }

    private WireError ErrorOf(HttpContext context, Exception exception, ServedOperation operation, string requestId)
    {
        if (exception is UnreadableBodyException)
        {
            // The start of the next request is unknown.
            context.Response.Headers.Connection = "close";
        }

        var error = errorOf(exception, operation.Name, requestId);
        // The engine has logged itself why it stopped.
        if (error.Status >= StatusCodes.Status500InternalServerError && exception is not EngineStoppedException)
        {
            OperationFailed(exception, operation.Name, requestId);
        }

        return error;
    }
}
