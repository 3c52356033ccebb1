using System.Buffers;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Logs;

/// <summary>The CloudWatch Logs protocol (JSON 1.1): <c>POST /</c> with <c>X-Amz-Target: Logs_20140328.Operation</c>.</summary>
internal sealed partial class LogsEndpoint(QueuedLogStore store, ILogger<LogsEndpoint> logger)
{
    /// <summary>How the header <c>X-Amz-Target</c> of every request to CloudWatch Logs begins.</summary>
    public const string TargetPrefix = "Logs_20140328.";

    private const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Answers the request. The caller has found out whose resources it sees.</summary>
    public async Task HandleAsync(HttpContext context, Scope scope, string requestId)
    {
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        var cancellation = context.RequestAborted;
        ReadOnlyMemory<byte> answer;
        try
        {
            var handler = LogsOperations.Find(context.Request.Headers["X-Amz-Target"].ToString());
            var body = await ReadBodyAsync(context.Request, cancellation);
            answer = await handler.HandleAsync(body, new LogsCall(scope, store, cancellation));
        }
        catch (LogsException refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.Headers["x-amzn-ErrorType"] = refusal.Code;
            answer = LogsError.Body(refusal.Code, refusal.Message);
        }
        catch (StorageException e)
        {
            // The disk is full or gone: nothing that a caller could have asked differently.
            LogUnavailable(e);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers["x-amzn-ErrorType"] = "ServiceUnavailableException";
            answer = LogsError.Body("ServiceUnavailableException", "The service cannot complete the request.");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The caller has gone.
            return;
        }

        context.Response.ContentType = ContentType;
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, cancellation);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > LogLimits.MaximumBodyBytes)
        {
            throw TooLarge();
        }

        // Grows with what arrives, not with what a header promises.
        var body = new ArrayBufferWriter<byte>();
        var (patience, isLarge) = (cancellation, false);
        try
        {
            while (await request.Body.ReadAsync(body.GetMemory(4_096), patience) is var read and > 0)
            {
                body.Advance(read);
                if (body.WrittenCount > LogLimits.MaximumBodyBytes)
                {
                    throw TooLarge();
                }

                if (!isLarge && body.WrittenCount > LargeBodies.Threshold)
                {
                    isLarge = true;
                    patience = await LargeBodies.PermitAsync(request.HttpContext);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            request.HttpContext.Response.Headers.Connection = "close";
            throw new LogsException("SerializationException", "The body of the request takes too long.", StatusCodes.Status408RequestTimeout);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException)
        {
            // IOException: the connection is gone, or the size of a chunk is none. Where the next request would begin is not known.
            request.HttpContext.Response.Headers.Connection = "close";
            throw new LogsException(
                "SerializationException", "The body of the request cannot be read.", (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest);
        }

        return body.WrittenMemory;
    }

    private static LogsException TooLarge() => new(
        "RequestEntityTooLargeException",
        $"The body of the request is larger than {LogLimits.MaximumBodyBytes} bytes.",
        StatusCodes.Status413PayloadTooLarge);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to CloudWatch Logs failed because the log store did.")]
    private partial void LogUnavailable(Exception reason);
}
