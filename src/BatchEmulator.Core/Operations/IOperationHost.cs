using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Surroundings of an <see cref="OperationInvoker"/>: the store that it reads and the engine that carries out its commands.
/// </summary>
public interface IOperationHost
{
    /// <summary>Answers a query, which may take a while; it waits for its turn without holding a thread.</summary>
    Task<T> QueryAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken);

    /// <summary>Reads the few rows that a command needs. Never waits for queries.</summary>
    ValueTask<T> PrepareAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken);

    /// <summary>Carries out a command; completes when its changes are durable.</summary>
    /// <returns>The reply; null if data that the command was prepared with has changed since.</returns>
    /// <exception cref="ClientException">The command was refused.</exception>
    /// <exception cref="EngineStoppedException">The engine stopped before it was carried out.</exception>
    Task<TReply?> ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class;
}
