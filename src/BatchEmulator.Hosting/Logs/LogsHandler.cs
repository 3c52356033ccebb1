using System.Buffers;
using System.Text.Json;
using BatchEmulator.Contract;

namespace BatchEmulator.Hosting.Logs;

/// <summary>An operation of the model with its implementation: binds a request, checks it against the model, and answers it.</summary>
internal abstract class LogsHandler(Operation operation)
{
    public Operation Operation { get; } = operation;

    /// <summary>Carries the operation out.</summary>
    /// <param name="body">JSON; read before the method returns for the first time.</param>
    /// <param name="call">Caller and store.</param>
    /// <returns>The response as JSON; empty if the model has no output.</returns>
    /// <exception cref="JsonException">The body does not conform to the model.</exception>
    /// <exception cref="LogsException">The request is refused.</exception>
    public abstract Task<byte[]> InvokeAsync(ReadOnlySequence<byte> body, LogsCall call);

    public static LogsHandler For<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<LogsCall, TRequest, Task<TResponse>> answer)
        where TRequest : class
        where TResponse : class => new Typed<TRequest, TResponse>(operation, async (call, request) => await answer(call, request));

    /// <summary>An operation whose model has no output: CloudWatch Logs answers it with an empty body.</summary>
    public static LogsHandler For<TRequest>(Operation<TRequest, NoContent> operation, Func<LogsCall, TRequest, Task> answer)
        where TRequest : class => new Typed<TRequest, NoContent>(operation, async (call, request) =>
        {
            await answer(call, request);
            return null;
        });

    private sealed class Typed<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<LogsCall, TRequest, Task<TResponse?>> answer) : LogsHandler(operation)
        where TRequest : class
        where TResponse : class
    {
        public override async Task<byte[]> InvokeAsync(ReadOnlySequence<byte> body, LogsCall call)
        {
            var request = operation.ReadRequest(body);
            if (operation.FindViolation(request) is { } violation)
            {
                throw LogsErrors.Of(violation);
            }

            var response = await answer(call, request);
            return response is null ? [] : JsonSerializer.SerializeToUtf8Bytes(response, operation.Response);
        }
    }
}
