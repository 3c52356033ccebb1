using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>Surroundings of operations in this process: queries run on the lane of reads, commands in the engine.</summary>
internal sealed class OperationHost(EngineMailbox mailbox, IBatchQueries queries, ReadLane reads) : IOperationHost, IDisposable
{
    /// <summary>
    /// A command needs only a few rows, found by their keys. They are read where the request is handled, without waiting for listings;
    /// bounded, because each of these reads occupies a thread and a connection meanwhile.
    /// </summary>
    private const int MaximumPreparations = 4;

    private readonly SemaphoreSlim _preparations = new(MaximumPreparations);

    public Task<T> QueryAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) =>
        reads.RunAsync(() => read(queries), cancellationToken);

    public async ValueTask<T> PrepareAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken)
    {
        await _preparations.WaitAsync(cancellationToken);
        try
        {
            return read(queries);
        }
        finally
        {
            _preparations.Release();
        }
    }

    public Task<TReply?> ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class => mailbox.ExecuteAsync(command, cancellationToken);

    public void Dispose() => _preparations.Dispose();
}
