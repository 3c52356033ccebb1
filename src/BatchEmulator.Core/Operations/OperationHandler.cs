using BatchEmulator.Contract;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>An operation of the API model together with what carries it out.</summary>
public abstract class OperationHandler(Operation operation)
{
    public Operation Operation { get; } = operation;

    /// <summary>Lets a caller that knows no types use the typed handler.</summary>
    public abstract TResult Accept<TResult>(IOperationVisitor<TResult> visitor);

    /// <summary>An operation that only reads: never enters the engine.</summary>
    public static OperationHandler Query<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, TResponse> answer)
        where TRequest : class
        where TResponse : class => new QueryHandler<TRequest, TResponse>(operation, answer);

    /// <summary>An operation that changes something: decided by the engine, answered after the commit.</summary>
    public static OperationHandler Command<TRequest, TResponse>(
        Operation<TRequest, TResponse> operation, Func<Turn, Scope, TRequest, TResponse> decide)
        where TRequest : class
        where TResponse : class => new CommandHandler<TRequest, TResponse>(
            operation, (_, scope, request) => turn => decide(turn, scope, request));

    /// <summary>A command that needs to know something which only the store holds; it is read before the engine decides.</summary>
    public static OperationHandler Command<TRequest, TResponse, TKnown>(
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
}

/// <summary>Uses handlers with their types.</summary>
public interface IOperationVisitor<out TResult>
{
    TResult Visit<TRequest, TResponse>(QueryHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class;

    TResult Visit<TRequest, TResponse>(CommandHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class;
}

/// <summary>A reading operation.</summary>
public sealed class QueryHandler<TRequest, TResponse>(
    Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, TResponse> answer) : OperationHandler(operation)
    where TRequest : class
    where TResponse : class
{
    public new Operation<TRequest, TResponse> Operation { get; } = operation;

    public TResponse Answer(IBatchQueries queries, Scope scope, TRequest request) => answer(queries, scope, request);

    public override TResult Accept<TResult>(IOperationVisitor<TResult> visitor) => visitor.Visit(this);
}

/// <summary>A changing operation.</summary>
public sealed class CommandHandler<TRequest, TResponse>(
    Operation<TRequest, TResponse> operation, Func<IBatchQueries, Scope, TRequest, Func<Turn, TResponse>> prepare) : OperationHandler(operation)
    where TRequest : class
    where TResponse : class
{
    public new Operation<TRequest, TResponse> Operation { get; } = operation;

    /// <summary>The command for the engine. Called outside of it, so that it may read.</summary>
    public Command<TResponse> Prepare(IBatchQueries queries, Scope scope, TRequest request) => new(prepare(queries, scope, request));

    public override TResult Accept<TResult>(IOperationVisitor<TResult> visitor) => visitor.Visit(this);
}
