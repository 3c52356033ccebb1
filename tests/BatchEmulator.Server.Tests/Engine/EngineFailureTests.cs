using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Simulation;
using BatchEmulator.Server.Tests.Logs;
using BatchEmulator.Storage.Sqlite.Batch;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Engine;

/// <summary>
/// After a failure of the engine every request is answered, and the health endpoint reports that the server cannot be used.
/// </summary>
public sealed class EngineFailureTests : IAsyncLifetime
{
    private readonly LogsHost _logs = new();
    private readonly SqliteBatchStore _store;
    private readonly SimulatedExecutor _executor = new(
        new RecordingObserver(), new OutcomeRules(), TimeProvider.System, NullLogger<SimulatedExecutor>.Instance);

    private readonly EngineMailbox _mailbox = new();
    private readonly EmulatorLifetime _lifetime = new();
    private readonly EngineLoop _loop;
    private readonly HealthEndpoint _health;

    public EngineFailureTests()
    {
        _store = new SqliteBatchStore(Path.Combine(_logs.Folder, "batch.db"));
        var effects = new EffectDispatcher(_executor, new AttemptDirectory(), NullLogger<EffectDispatcher>.Instance);
        var engine = new BatchEngine(new BatchState(new EngineOptions()), new RandomIds());
        var started = new StartProgress();
        started.Complete();
        _loop = new EngineLoop(
            _mailbox, engine, _store, effects, new ChangeFeed(), TimeProvider.System, new EmulatorClock(), _lifetime, NullLogger<EngineLoop>.Instance);
        _health = new HealthEndpoint(started, _loop, _logs.Store, _executor, []);
    }

    public async ValueTask InitializeAsync() => await _loop.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        _loop.Dispose();
        _store.Dispose();
        await _executor.DisposeAsync();
        await _logs.DisposeAsync();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task Failed_commit_stops_the_server_and_health_reports_it()
    {
        (await _health.CheckAsync()).Health.Status.Should().Be("ok");
        _store.Dispose();

        var stopped = await ExecuteAsync().Should().ThrowAsync<EngineStoppedException>();

        stopped.WithMessage("The server stops because of an error, and nothing was changed: *");
        // Callers are answered first.
        await _loop.ExecuteTask!.WaitAsync(TestServer.Patience);
        _loop.HasFailed.Should().BeTrue();
        _lifetime.Stopping.IsCancellationRequested.Should().BeTrue();
        var (health, isUsable) = await _health.CheckAsync();
        isUsable.Should().BeFalse();
        health.Status.Should().Be("failed");
        health.Parts!.Engine.Status.Should().Be("failed");
        health.Parts.Store.Status.Should().Be("failed");
        health.Parts.Logs.Status.Should().Be("ok");
        await ExecuteAsync().Should().ThrowAsync<EngineStoppedException>("also who comes later is answered");
    }

    [Fact]
    public async Task Executor_that_breaks_stops_the_server()
    {
        _mailbox.Break(new InvalidOperationException("the executor broke"));

        await _loop.ExecuteTask!.WaitAsync(TestServer.Patience);

        _loop.HasFailed.Should().BeTrue();
        _lifetime.Stopping.IsCancellationRequested.Should().BeTrue();
        (await _health.CheckAsync()).Health.Parts!.Engine.Error.Should().Be("the executor broke");
        (await _mailbox.FlushAsync()).Should().BeFalse();
    }

    private Func<Task> ExecuteAsync() => () =>
        _mailbox.ExecuteAsync(new Command<ResetDone>(Reset.Decide), CancellationToken.None).WaitAsync(TestServer.Patience);
}
