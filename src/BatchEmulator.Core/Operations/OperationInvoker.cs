using System.Buffers;
using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Carries out operations: binds a request, checks it against the model, and answers it from the store; or prepares a command, executes it,
/// and prepares it again if data that was read for it has changed since.
/// </summary>
public sealed class OperationInvoker(IOperationHost host)
{
    /// <summary>Carries out an operation for a caller in this process.</summary>
    /// <exception cref="ClientException">The request is refused.</exception>
    public Task<TResponse> InvokeAsync<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Scope scope, TRequest request, CancellationToken cancellationToken = default)
        where TRequest : class
        where TResponse : class
    {
        var handler = (OperationHandler<TRequest, TResponse>)OperationRegistry.Of(operation);
        return handler.AnswerAsync(host, scope, handler.Check(request), static response => response, cancellationToken);
    }

    /// <summary>Carries out an operation that was received over the wire.</summary>
    /// <param name="handler">The operation.</param>
    /// <param name="scope">Scope of the caller.</param>
    /// <param name="body">JSON; read before the method returns for the first time.</param>
    /// <param name="uri">Members of the request in its URI.</param>
    /// <param name="cancellationToken">Cancels the operation, if the command is not in the engine yet.</param>
    /// <returns>The response as JSON.</returns>
    /// <exception cref="JsonException">The body does not conform to the model.</exception>
    /// <exception cref="ClientException">The request is refused.</exception>
    public Task<byte[]> InvokeAsync(
        OperationHandler handler, Scope scope, ReadOnlySequence<byte> body, IUriMembers uri, CancellationToken cancellationToken) =>
        handler.InvokeAsync(host, scope, body, uri, cancellationToken);
}
