using System.Net;
using System.Net.Sockets;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Control;
using BatchEmulator.Server.Delivery;
using BatchEmulator.Server.Engine;
using BatchEmulator.Server.Executors;
using BatchEmulator.Server.Http;
using BatchEmulator.Server.Logging;
using BatchEmulator.Server.Logs;
using BatchEmulator.Server.Outgoing;
using BatchEmulator.Server.Settings;
using BatchEmulator.Server.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;

namespace BatchEmulator.Server;

/// <summary>The composition root: one server with everything that belongs to it.</summary>
internal sealed partial class EmulatorServer : IAsyncDisposable
{
    /// <summary>A tag request names up to 50 keys of 128 characters in its URI, each of which may be percent-encoded.</summary>
    private const int MaximumRequestLine = 64 * 1024;

    private const int MaximumConnections = 10_000;

    private readonly ServerSettings _settings;
    private readonly WebApplication _app;
    private readonly EmulatorParts _parts;
    private readonly ILogger _logger;

    private EmulatorServer(ServerSettings settings, WebApplication app, EmulatorParts parts)
    {
        _settings = settings;
        _app = app;
        _parts = parts;
        _logger = parts.Loggers.CreateLogger<EmulatorServer>();
        foreach (var remark in parts.Folder.Remarks)
        {
            FolderRemark(remark);
        }

        app.Run(app.Services.GetRequiredService<RequestPipeline>().HandleAsync);
    }

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:22824</c>.</summary>
    public string Address { get; private set; } = "";

    public string ExecutorName => _parts.Executor.Name;

    public bool HasFailed =>
        _app.Services.GetRequiredService<EngineLoop>().HasFailed || _app.Services.GetRequiredService<DataFolderWatch>().HasFailed;

    /// <summary>Cancelled when the server begins to end, e.g. at Ctrl-C.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Builds a server and lets it listen.</summary>
    /// <exception cref="SettingsException">It cannot be started as the settings say.</exception>
    public static async Task<EmulatorServer> StartAsync(ServerSettings settings, CancellationToken cancellationToken = default)
    {
        await EphemeralFolders.RemoveAbandonedAsync();
        var parts = await EmulatorParts.CreateAsync(settings, builder => ConfigureLogging(builder, settings));
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            ConfigureKestrel(builder.WebHost, settings);
            AddServices(builder.Services, parts, settings);
            var server = new EmulatorServer(settings, builder.Build(), parts);
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    public Task WaitAsync() => _app.WaitForShutdownAsync();

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Ends it, if it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new SettingsException($"Cannot listen on {_settings.Host}:{_settings.Port}: {exception.Message}");
        }

        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        if (_settings.Bootstrap)
        {
            await BootstrapAsync(cancellationToken);
        }

        if (!IsLoopback(_settings.Host))
        {
            ListensWidely(Address);
        }
    }

    private async Task BootstrapAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            await Bootstrap.RunAsync(_parts.Mailbox, _app.Services.GetRequiredService<ChangeFeed>(), _settings.Scope, ending.Token);
        }
        catch (Exception exception) when (HasFailed && exception is EngineStoppedException or OperationCanceledException)
        {
            // The engine has logged why, and the server ends.
        }
    }

    private static void AddServices(IServiceCollection services, EmulatorParts parts, ServerSettings settings)
    {
        services.AddSingleton(settings).AddSingleton(parts.Clock).AddSingleton<TimeProvider>(parts.Clock).AddSingleton(parts.Loggers);
        services.AddSingleton(parts.Executor).AddSingleton(parts.Logs).AddSingleton(parts.Mailbox).AddSingleton(parts.Attempts);
        services.AddSingleton(parts.Folder).AddSingleton(parts.Reporter).AddSingleton(parts.Rules);
        services.AddSingleton<IBatchStore>(parts.Store).AddSingleton(parts.Queries).AddSingleton<IBatchQueries>(parts.Queries);
        services.AddSingleton(Engine(settings, parts));
        services.AddSingleton<ChangeFeed>().AddSingleton<EffectDispatcher>().AddSingleton<EngineLoop>();
        AddDeliveries(services, settings);
        services.AddSingleton(provider => new DataFolderWatch(
            parts.Folder,
            TimeProvider.System,
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<DataFolderWatch>>()));
        services.AddHostedService(s => s.GetRequiredService<DataFolderWatch>());
        services.AddHostedService<Reconciliation>().AddHostedService(s => s.GetRequiredService<EngineLoop>());
        services.AddSingleton(new BrowserGuard(settings.AllowedHosts)).AddSingleton(new RequestScope(settings.Scope));
        services.AddSingleton<EventStream>().AddSingleton<ClockEndpoint>().AddSingleton<OutcomesEndpoint>().AddSingleton<MetricsEndpoint>();
        services.AddSingleton<HealthEndpoint>().AddSingleton<ControlEndpoint>().AddSingleton<LogsEndpoint>();
        services.AddSingleton(_ => new ReadLane(ReadLane.DefaultThreads)).AddSingleton<BatchEndpoint>().AddSingleton<RequestPipeline>();
    }

    /// <summary>
    /// Before the engine's loop, so that the first turn is published and the last one, too: services end in the opposite order, the
    /// publisher after the loop, and the deliveries after the publisher.
    /// </summary>
    private static void AddDeliveries(IServiceCollection services, ServerSettings settings)
    {
        var targets = new List<IEventTarget>();
        if (settings.EventsWebhook is { } webhook)
        {
            targets.Add(new WebhookTarget(webhook));
        }

        if (settings.EventsEndpoint is { } endpoint)
        {
            targets.Add(new EventBridgeTarget(endpoint, AwsCredentials.FromEnvironment()));
        }

        services.AddSingleton<IReadOnlyList<EventDelivery>>(provider =>
            [.. targets.Select(target => new EventDelivery(target, provider.GetRequiredService<ILogger<EventDelivery>>()))]);
        for (var index = 0; index < targets.Count; index++)
        {
            var place = index;
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<IReadOnlyList<EventDelivery>>()[place]);
        }

        services.AddSingleton<EventHistory>(_ => new EventHistory()).AddHostedService<EventPublisher>();
    }

    /// <summary>The engine with everything that was not finished when the last server ended.</summary>
    private static BatchEngine Engine(ServerSettings settings, EmulatorParts parts)
    {
        var state = new BatchState(new EngineOptions
        {
            ResourceDelay = settings.ResourceDelay,
            JobEnvironment = settings.JobEnvironment,
            Retention = settings.Retention,
            Strict = settings.Strict,
        });
        var stored = UnusableDatabase.Refused(parts.Folder.File("batch.db"), parts.Store.Load);
        ClockLead.CatchUp(parts.Clock, stored.Changes, settings.ResourceDelay, parts.Loggers.CreateLogger<EmulatorClock>());
        foreach (var change in stored.Changes)
        {
            state.Apply(change);
        }

        state.ReserveSequence(stored.LastSequence);
        return new BatchEngine(state, new RandomIds());
    }

    private static void ConfigureKestrel(ConfigureWebHostBuilder host, ServerSettings settings)
    {
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
            kestrel.Limits.MaxRequestLineSize = MaximumRequestLine;
            // The endpoints bound bodies by operation, so that a body that is too large gets AWS's error.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        host.UseUrls($"http://{(IPAddress.TryParse(settings.Host, out var address) && address.GetAddressBytes().Length == 16 ? $"[{settings.Host}]" : settings.Host)}:{settings.Port}");
    }

    private static void ConfigureLogging(ILoggingBuilder logging, ServerSettings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft", settings.LogLevel < LogLevel.Information ? settings.LogLevel : LogLevel.Warning);
        // A failed start is reported by the caller in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.AddSingleton<ConsoleFormatter, TextLogFormatter>();
        logging.AddConsole(console =>
        {
            console.FormatterName = settings.LogsJson ? ConsoleFormatterNames.Json : TextLogFormatter.FormatterName;
            // Whoever does not read what the server writes misses some of it (the log says how much), but holds up no job.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(LogLevel.Warning, "{Remark}")]
    private partial void FolderRemark(string remark);

    [LoggerMessage(LogLevel.Warning, "Listening on {Address}: whoever reaches it can run commands on this machine.")]
    private partial void ListensWidely(string address);
}
