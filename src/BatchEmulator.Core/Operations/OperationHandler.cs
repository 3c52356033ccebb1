using System.Buffers;
using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>An operation of the API model with its implementation.</summary>
public abstract class OperationHandler(Operation operation)
{
    public Operation Operation { get; } = operation;

    /// <summary>An operation that only reads: never enters the engine.</summary>
    internal static OperationHandler Query<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, TResponse> answer)
        where TRequest : class
        where TResponse : class => new QueryHandler<TRequest, TResponse>(operation, answer);

    /// <summary>An operation that changes something: decided by the engine, answered after the commit.</summary>
    internal static OperationHandler Command<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<Turn, Scope, TRequest, TResponse> decide)
        where TRequest : class
        where TResponse : class => new CommandHandler<TRequest, TResponse>(
            operation, (_, scope, request) => turn => decide(turn, scope, request));

    /// <summary>A command that needs data from the store, which is read before the engine decides.</summary>
    internal static OperationHandler Command<TRequest, TResponse, TKnown>(
        Operation<TRequest, TResponse> operation,
        Func<IBatchQueries, Scope, TRequest, TKnown> read,
        Func<Turn, Scope, TRequest, TKnown, TResponse> decide)
        where TRequest : class
        where TResponse : class => new CommandHandler<TRequest, TResponse>(
            operation,
            (queries, scope, request) =>
            {
                var known = read(queries, scope, request);
                return turn => decide(turn, scope, request, known);
            });

    /// <inheritdoc cref="OperationInvoker.InvokeAsync(OperationHandler, Scope, ReadOnlySequence{byte}, IUriMembers, CancellationToken)"/>
    internal abstract Task<byte[]> InvokeAsync(
        IOperationHost host, Scope scope, ReadOnlySequence<byte> body, IUriMembers uri, CancellationToken cancellationToken);
}

/// <summary>An operation with the types of its request and response.</summary>
internal abstract class OperationHandler<TRequest, TResponse>(Operation<TRequest, TResponse> operation) : OperationHandler(operation)
    where TRequest : class
    where TResponse : class
{
    private readonly Func<TResponse, byte[]> _serialize = response => JsonSerializer.SerializeToUtf8Bytes(response, operation.Response);

    /// <summary>Checks a request against the constraints of the model.</summary>
    /// <exception cref="ClientException">The request breaks a constraint.</exception>
    public TRequest Check(TRequest request) =>
        operation.FindViolation(request) is { } violation ? throw ClientException.Invalid(violation.ToString()) : request;

    /// <summary>Carries out a request that has been bound and checked.</summary>
    /// <param name="host">Surroundings.</param>
    /// <param name="scope">Scope of the caller.</param>
    /// <param name="request">The request.</param>
    /// <param name="shape">Converts the response where it is created: a long listing is serialized where it was read.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public abstract Task<TResult> AnswerAsync<TResult>(
        IOperationHost host, Scope scope, TRequest request, Func<TResponse, TResult> shape, CancellationToken cancellationToken);

    internal sealed override Task<byte[]> InvokeAsync(
        IOperationHost host, Scope scope, ReadOnlySequence<byte> body, IUriMembers uri, CancellationToken cancellationToken) =>
        AnswerAsync(host, scope, Check(operation.BindUri(operation.ReadRequest(body), uri)), _serialize, cancellationToken);
}

/// <summary>A reading operation.</summary>
internal sealed class QueryHandler<TRequest, TResponse>(
    Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, TResponse> answer)
    : OperationHandler<TRequest, TResponse>(operation)
    where TRequest : class
    where TResponse : class
{
    public override Task<TResult> AnswerAsync<TResult>(
        IOperationHost host, Scope scope, TRequest request, Func<TResponse, TResult> shape, CancellationToken cancellationToken) =>
        host.QueryAsync(queries => shape(answer(queries, scope, request)), cancellationToken);
}

/// <summary>A changing operation.</summary>
internal sealed class CommandHandler<TRequest, TResponse>(
    Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, Func<Turn, TResponse>> prepare)
    : OperationHandler<TRequest, TResponse>(operation)
    where TRequest : class
    where TResponse : class
{
    public override async Task<TResult> AnswerAsync<TResult>(
        IOperationHost host, Scope scope, TRequest request, Func<TResponse, TResult> shape, CancellationToken cancellationToken)
    {
        TResponse? response = null;
        while (response is null)
        {
            // Data that was read is stale at most once for each job that the request names: a job finishes once.
            var decide = await host.PrepareAsync(queries => prepare(queries, scope, request), cancellationToken);
            response = await host.ExecuteAsync(new Command<TResponse>(decide), cancellationToken);
        }

        return shape(response);
    }
}
