using System.Buffers;
using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>The AWS Batch protocol, REST-JSON: finds the operation, binds and validates the request, carries it out, writes the answer.</summary>
internal sealed partial class BatchEndpoint(EngineMailbox mailbox, IBatchQueries queries, ReadLane reads, ILogger<BatchEndpoint> logger)
    : IDisposable
{
    /// <summary>
    /// What a command has to know beforehand are a few rows, found by their keys. That is read where the request is handled and never
    /// waits for a listing; bounded, because each of these reads holds a thread and a connection meanwhile.
    /// </summary>
    private const int MaximumPreparations = 4;

    private readonly SemaphoreSlim _preparations = new(MaximumPreparations);
    private readonly RouteTable _routes = new(OperationRegistry.All);

    public async Task HandleAsync(HttpContext context, Scope scope, string requestId)
    {
        var error = _routes.Find(context, out var route) ?? await HandleAsync(context, route!, scope, requestId);
        if (error is not null)
        {
            await error.WriteAsync(context.Response);
        }
    }

    public void Dispose() => _preparations.Dispose();

    private async ValueTask<WireError?> HandleAsync(HttpContext context, Route route, Scope scope, string requestId)
    {
        if (route.Handler is null)
        {
            return WireError.Wrapped($"{route.Operation.Name} is not supported by Batch Emulator yet.", requestId);
        }

        try
        {
            await route.Handler.Accept(new Invocation(this, context, scope, route));
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

    /// <summary>One request on its way through a typed handler.</summary>
    private readonly struct Invocation(BatchEndpoint endpoint, HttpContext context, Scope scope, Route route) : IOperationVisitor<Task>
    {
        public async Task Visit<TRequest, TResponse>(QueryHandler<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class
        {
            var (http, responses) = (context, handler.Operation.Response);
            var (queries, reads, caller) = (endpoint.Queries, endpoint.Reads, scope);
            var request = await BindAsync(handler.Operation, context, route);
            var body = await reads.RunAsync(
                () => JsonSerializer.SerializeToUtf8Bytes(handler.Answer(queries, caller, request), responses), http.RequestAborted);
            await WriteAsync(http.Response, body);
        }

        public async Task Visit<TRequest, TResponse>(CommandHandler<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class
        {
            var (http, responses) = (context, handler.Operation.Response);
            var (preparing, engine, caller) = (endpoint, endpoint.Mailbox, scope);
            var request = await BindAsync(handler.Operation, context, route);
            TResponse? reply = null;
            while (reply is null)
            {
                // What was read is stale at most once for each job that the request names: a job finishes once.
                var command = await preparing.PrepareAsync(handler, caller, request, http.RequestAborted);
                reply = await engine.ExecuteAsync(command, http.RequestAborted);
            }

            await WriteAsync(http.Response, JsonSerializer.SerializeToUtf8Bytes(reply, responses));
        }
    }

    private EngineMailbox Mailbox => mailbox;

    private IBatchQueries Queries => queries;

    private ReadLane Reads => reads;

    private async ValueTask<Command<TResponse>> PrepareAsync<TRequest, TResponse>(
        CommandHandler<TRequest, TResponse> handler, Scope scope, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        await _preparations.WaitAsync(cancellationToken);
        try
        {
            return handler.Prepare(queries, scope, request);
        }
        finally
        {
            _preparations.Release();
        }
    }

    private static async ValueTask<TRequest> BindAsync<TRequest, TResponse>(Operation<TRequest, TResponse> operation, HttpContext context, Route route)
        where TRequest : class
        where TResponse : class
    {
        var body = await BodyReader.ReadAsync(context.Request, route.BodyLimit)
            ?? throw new PayloadTooLargeException(operation.Name, route.BodyLimit, context.Request.ContentLength);
        TRequest request;
        try
        {
            request = Parse(operation, body);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }

        request = operation.BindUri(request, new UriMembers(route.Label, context.Request.Query));
        return operation.FindViolation(request) is { } violation ? throw ClientException.Invalid(violation.ToString()) : request;
    }

    /// <summary>A missing body is an empty object; anything else must be an object.</summary>
    private static TRequest Parse<TRequest, TResponse>(Operation<TRequest, TResponse> operation, ReadOnlySequence<byte> body)
        where TRequest : class
        where TResponse : class
    {
        if (body.IsEmpty)
        {
            return JsonSerializer.Deserialize("{}"u8, operation.Request)!;
        }

        var reader = new Utf8JsonReader(body);
        var request = JsonSerializer.Deserialize(ref reader, operation.Request) ?? throw new JsonException("an object is expected");
        return reader.Read() ? throw new JsonException("nothing may follow the object") : request;
    }

    private static async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }
}
