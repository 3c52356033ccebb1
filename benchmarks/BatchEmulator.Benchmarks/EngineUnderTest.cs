using System.Diagnostics;
using BatchEmulator.Contract;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Memory;

namespace BatchEmulator.Benchmarks;

/// <summary>An engine without a server: its turns are measured, not what is around them.</summary>
internal sealed class EngineUnderTest : IOperationHost, IIdSource, IDisposable
{
    private static readonly Scope Scope = new("123456789012", "us-east-1");

    private readonly BatchEngine _engine;
    private readonly MemoryBatchStore _store = new("benchmark");
    private readonly OperationInvoker _invoker;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);
    private long _ids;

    public EngineUnderTest()
    {
        _engine = new BatchEngine(new BatchState(new EngineOptions { ResourceDelay = TimeSpan.Zero }), this);
        _invoker = new OperationInvoker(this);
    }

    /// <summary>Attempts that have been started and have not ended.</summary>
    public Queue<AttemptKey> Started { get; } = new();

    /// <summary>Duration of the latest turn.</summary>
    public TimeSpan LastTurn { get; private set; }

    public Task<TResponse> CallAsync<TRequest, TResponse>(Operation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class =>
        _invoker.InvokeAsync(operation, Scope, request);

    /// <summary>Runs turns until nothing is due.</summary>
    public void Settle()
    {
        while (Turn([]).WakeAt <= _now)
        {
        }
    }

    /// <summary>Ends some attempts in one turn.</summary>
    public void End(int count) => Turn(
    [
        .. Enumerable.Range(0, count).Select(_ => (EngineInput)new AttemptEnded(
            Started.Dequeue(), new AttemptExited([new ContainerEnd("default", 0)]))),
    ]);

    public void Dispose() => _store.Dispose();

    public string NewUuid() => Next().ToString("D");

    public string NewHex32() => Next().ToString("N");

    Task<T> IOperationHost.QueryAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) => Task.FromResult(read(_store));

    ValueTask<T> IOperationHost.PrepareAsync<T>(Func<IBatchQueries, T> read, CancellationToken cancellationToken) => new(read(_store));

    Task<TReply?> IOperationHost.ExecuteAsync<TReply>(Command<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        Turn([command]);
        return command.Refusal is { } refusal ? Task.FromException<TReply?>(refusal) : Task.FromResult(command.Reply);
    }

    private TurnResult Turn(IReadOnlyList<EngineInput> inputs)
    {
        _now = _now.AddMilliseconds(1);
        var started = Stopwatch.GetTimestamp();
        var result = _engine.Run(_now, inputs);
        LastTurn = Stopwatch.GetElapsedTime(started);
        _store.Commit(result.Changes);
        foreach (var launch in result.Effects.OfType<StartAttempt>())
        {
            Started.Enqueue(launch.Launch.Key);
        }

        return result;
    }

    private Guid Next() => new(0, 0, 0, BitConverter.GetBytes(++_ids));
}
