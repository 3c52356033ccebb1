using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Batch;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Hosting.Faults;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Hosting;

/// <summary>Services of an emulator, each created after those that it uses; a container would find them by reflection.</summary>
internal sealed class EmulatorServices : IDisposable
{
    private readonly ReadLane _reads = new(ReadLane.DefaultThreads);
    private readonly OperationHost _operations;
    private readonly ClockEndpoint _clock;

    public EmulatorServices(EmulatorOptions options, EmulatorParts parts)
    {
        var (loggers, executor, queries, mailbox, logs) =
            (options.Loggers, parts.Executor, parts.Storage.Queries, parts.Mailbox, parts.Logs);
        var engine = parts.LoadEngine();
        var effects = new EffectDispatcher(executor, parts.Attempts, loggers.CreateLogger<EffectDispatcher>());
        var feed = new ChangeFeed();
        Loop = new(
            mailbox, engine, parts.Storage.Store, effects, feed, parts.Clock, parts.Clock, Lifetime, loggers.CreateLogger<EngineLoop>());
        Reconciliation = new(engine, executor, parts.Attempts, mailbox, effects);

        var history = new EventHistory();
        Deliveries = EventDeliveries.Create(options.EventsWebhook, options.EventsEndpoint, loggers);
        Publisher = new(feed, queries, history, Deliveries, loggers.CreateLogger<EventPublisher>());

        _operations = new(mailbox, queries, _reads);
        var invoker = new OperationInvoker(_operations);
        Bootstrap = new(invoker, feed);
        _clock = new(options, parts.Clock, mailbox, Loop, parts.Reporter, logs, executor, Lifetime, parts.Simulation);
        var faults = new ApiFaults();
        var bodies = new LargeBodies();
        var control = new ControlEndpoint(
            options, executor, mailbox, queries, logs, new EventStream(history, Lifetime), _clock,
            new OutcomesEndpoint(executor, parts.Simulation),
            new MetricsEndpoint(queries, _reads, Loop, mailbox, parts.Reporter, executor, Deliveries, history, bodies),
            new HealthEndpoint(Start, Loop, logs, executor, Deliveries), new ExplainEndpoint(mailbox, queries, _reads, options.Scope),
            new CostEndpoint(mailbox), new FaultsEndpoint(mailbox, faults, options.Scope), Bootstrap, _reads, bodies, Lifetime,
            loggers.CreateLogger<ControlEndpoint>());
        var server = loggers.CreateLogger<OperationServer>();
        Pipeline = new(
            new BrowserGuard(options.AllowedHosts), new RequestScope(options.Scope), control, new LogsEndpoint(logs, bodies, server),
            new BatchEndpoint(invoker, faults, bodies, server));
    }

    public EmulatorLifetime Lifetime { get; } = new();

    public StartProgress Start { get; } = new();

    public EngineLoop Loop { get; }

    public Reconciliation Reconciliation { get; }

    public IReadOnlyList<EventDelivery> Deliveries { get; }

    public EventPublisher Publisher { get; }

    public Bootstrap Bootstrap { get; }

    public RequestPipeline Pipeline { get; }

    /// <summary>
    /// Services that run in the background, in the order of their start. The first turn of the loop is published, and the last one, too,
    /// since they end in the opposite order: the publisher after the loop, and the deliveries after the publisher.
    /// </summary>
    public IReadOnlyList<BackgroundService> Background => [.. Deliveries, Publisher, Loop];

    public void Dispose()
    {
        foreach (var service in Background)
        {
            service.Dispose();
        }

        _clock.Dispose();
        _operations.Dispose();
        _reads.Dispose();
        Lifetime.Dispose();
    }
}
