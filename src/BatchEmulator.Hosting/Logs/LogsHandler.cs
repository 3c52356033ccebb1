using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Logs;

/// <summary>What an operation works on.</summary>
internal sealed record LogsCall(Scope Scope, QueuedLogStore Store, CancellationToken Cancellation);

/// <summary>An operation of the model together with what answers it: bytes in, bytes out.</summary>
internal abstract class LogsHandler(Operation operation)
{
    public Operation Operation { get; } = operation;

    public abstract Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> body, LogsCall call);

    public static LogsHandler For<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<LogsCall, TRequest, Task<TResponse>> answer)
        where TRequest : class
        where TResponse : class => new Typed<TRequest, TResponse>(operation, async (call, request) => await answer(call, request));

    /// <summary>For an operation whose model has no output: CloudWatch Logs answers it with an empty body.</summary>
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
        public override async Task<ReadOnlyMemory<byte>> HandleAsync(ReadOnlyMemory<byte> body, LogsCall call)
        {
            var request = Read(body.Span);
            if (operation.FindViolation(request) is { } violation)
            {
                throw LogsError.Of(violation);
            }

            var response = await answer(call, request);
            return response is null ? default : JsonSerializer.SerializeToUtf8Bytes(response, operation.Response);
        }

        private TRequest Read(ReadOnlySpan<byte> body)
        {
            try
            {
                return JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body, operation.Request) ?? throw Malformed();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
            {
                // InvalidOperationException: text that is not Unicode, such as half of a surrogate pair.
                throw Malformed();
            }
        }

        private LogsException Malformed() => new(
            "SerializationException", $"The body of the request is not valid JSON for {operation.Name}, or a member has the wrong type.");
    }
}
