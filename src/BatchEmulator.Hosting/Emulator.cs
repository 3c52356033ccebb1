using System.Net;
using System.Net.Sockets;
using BatchEmulator.Core;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Batch;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Events;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Http;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Hosting.Simulation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;

namespace BatchEmulator.Hosting;

/// <summary>AWS Batch in this process: engine, storage, executor and the endpoints that clients talk to. Several can run side by side.</summary>
public sealed partial class Emulator : IAsyncDisposable
{
    /// <summary>A tag request names up to 50 keys of 128 characters in its URI, each of which may be percent-encoded.</summary>
    private const int MaximumRequestLine = 64 * 1024;

    private const int MaximumConnections = 10_000;

    private readonly EmulatorOptions _options;
    private readonly WebApplication _app;
    private readonly EmulatorParts _parts;
    private readonly ILogger _logger;

    private Emulator(EmulatorOptions options, WebApplication app, EmulatorParts parts)
    {
        _options = options;
        _app = app;
        _parts = parts;
        _logger = options.Loggers.CreateLogger<Emulator>();
        app.Run(app.Services.GetRequiredService<RequestPipeline>().HandleAsync);
    }

    /// <summary>Version of the product.</summary>
    public static string Version => ControlEndpoint.Version;

    /// <summary>Path of the control endpoints, <c>/_emulator</c>; no AWS path begins so.</summary>
    public const string ControlPath = ControlEndpoint.Prefix;

    /// <summary>URL that it listens on, e.g. <c>http://127.0.0.1:22824</c>; empty if it listens nowhere.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Name of the executor.</summary>
    public string ExecutorName => _parts.Executor.Name;

    /// <summary>Returns true once the engine has stopped because of an error; a restart continues from the committed state.</summary>
    public bool HasFailed => _app.Services.GetRequiredService<EngineLoop>().HasFailed;

    /// <summary>Is cancelled when the emulator begins to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Starts an emulator; when it returns, requests are answered, and the bootstrap is done.</summary>
    /// <exception cref="StartException">It cannot start with these options.</exception>
    public static async Task<Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default)
    {
        var parts = await EmulatorParts.CreateAsync(options);
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            ConfigureServer(builder.WebHost, options);
            AddServices(builder.Services, parts, options);
            var emulator = new Emulator(options, builder.Build(), parts);
            await emulator.StartAsync(cancellationToken);
            return emulator;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a handler that answers requests without a socket, for an emulator that listens nowhere.</summary>
    public HttpMessageHandler CreateHandler() => _app.GetTestServer().CreateHandler();

    /// <summary>Completes when the emulator has stopped.</summary>
    public Task WaitAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops it in an orderly way.</summary>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Stops it, unless it has stopped.</summary>
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
            throw new StartException($"Cannot listen on {_options.Host}:{_options.Port}: {exception.Message}");
        }

        Address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        if (_options.Bootstrap)
        {
            await BootstrapAsync(cancellationToken);
        }

        _app.Services.GetRequiredService<StartProgress>().Complete();
        if (_options.Port is not null && !IsLoopback(_options.Host))
        {
            ListensWidely(Address);
        }
    }

    private async Task BootstrapAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            await _app.Services.GetRequiredService<Bootstrap>().RunAsync(_options.Scope, ending.Token);
        }
        catch (Exception exception) when (HasFailed && exception is EngineStoppedException or OperationCanceledException)
        {
            // The engine has logged why, and the server ends.
        }
    }

    private static void AddServices(IServiceCollection services, EmulatorParts parts, EmulatorOptions options)
    {
        services.AddSingleton(options).AddSingleton(parts.Clock).AddSingleton<TimeProvider>(parts.Clock).AddSingleton<IHeldTime>(parts.Clock).AddSingleton(options.Loggers);
        services.AddSingleton(parts.Executor).AddSingleton(parts.Logs).AddSingleton(parts.Mailbox).AddSingleton(parts.Attempts);
        services.AddSingleton(parts.Reporter).AddSingleton(parts.Storage.Store).AddSingleton(parts.Storage.Queries);
        services.AddSingleton(parts.LoadEngine());
        services.AddSingleton<ChangeFeed>().AddSingleton<EffectDispatcher>().AddSingleton<EngineLoop>();
        EventDeliveries.Add(services, options.EventsWebhook, options.EventsEndpoint);
        services.AddHostedService<Reconciliation>().AddHostedService(s => s.GetRequiredService<EngineLoop>());
        services.AddSingleton(new BrowserGuard(options.AllowedHosts)).AddSingleton(new RequestScope(options.Scope));
        if (parts.Simulation is { } simulation)
        {
            services.AddSingleton(simulation);
        }

        services.AddSingleton<EventStream>().AddSingleton<ClockEndpoint>().AddSingleton<OutcomesEndpoint>().AddSingleton<MetricsEndpoint>();
        services.AddSingleton<StartProgress>().AddSingleton<HealthEndpoint>().AddSingleton<ControlEndpoint>().AddSingleton<LogsEndpoint>();
        services.AddSingleton(_ => new ReadLane(ReadLane.DefaultThreads)).AddSingleton<IOperationHost, OperationHost>();
        services.AddSingleton<OperationInvoker>().AddSingleton<Bootstrap>().AddSingleton<BatchEndpoint>().AddSingleton<RequestPipeline>();
    }

    private static void ConfigureServer(ConfigureWebHostBuilder host, EmulatorOptions options)
    {
        if (options.Port is not { } port)
        {
            host.UseTestServer();
            return;
        }

        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
            kestrel.Limits.MaxRequestLineSize = MaximumRequestLine;
            // The endpoints bound bodies by operation, so that a body that is too large gets AWS's error.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var isIpv6 = IPAddress.TryParse(options.Host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        host.UseUrls($"http://{(isIpv6 ? $"[{options.Host}]" : options.Host)}:{port}");
    }

    private static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(LogLevel.Warning, "Listening on {Address}: whoever reaches it can run commands on this machine.")]
    private partial void ListensWidely(string address);
}
