using System.Net;
using System.Net.Sockets;
using BatchEmulator.Core;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting;

/// <summary>
/// AWS Batch in this process: engine, storage, executor and the endpoints that clients talk to. Several can run side by side.
/// </summary>
public sealed partial class Emulator : IAsyncDisposable
{
    /// <summary>Maximum time for which pending requests and background services may delay the end.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private readonly EmulatorOptions _options;
    private readonly EmulatorParts _parts;
    private readonly EmulatorServices _services;
    private readonly HttpServer _server;
    private readonly ILogger _logger;
    private readonly Lazy<Task> _end;
    private volatile bool _hasFailed;

    private Emulator(EmulatorOptions options, EmulatorParts parts, EmulatorServices services)
    {
        (_options, _parts, _services) = (options, parts, services);
        _server = options.Port is { } port ? HttpServer.Listening(options.Host, port, options.Loggers) : HttpServer.InMemory();
        _logger = options.Loggers.CreateLogger<Emulator>();
        _end = new(EndAsync);
    }

    /// <summary>Version of the product.</summary>
    public static string Version => ControlEndpoint.Version;

    /// <summary>Path of the control endpoints, <c>/_emulator</c>; no AWS path begins so.</summary>
    public const string ControlPath = ControlEndpoint.Prefix;

    /// <summary>URL of the server, e.g. <c>http://127.0.0.1:22824</c>; empty if it has none.</summary>
    public string Address => _server.Address;

    /// <summary>Name of the executor.</summary>
    public string ExecutorName => _parts.Executor.Name;

    /// <summary>Returns true once the emulator has stopped because of an error; a restart continues from the committed state.</summary>
    public bool HasFailed => _services.Loop.HasFailed || _hasFailed;

    /// <summary>Cancelled when the emulator begins to stop.</summary>
    public CancellationToken Stopping => _services.Lifetime.Stopping;

    /// <summary>Starts an emulator; when it returns, requests are answered, and the bootstrap is done.</summary>
    /// <exception cref="StartException">It cannot start with these options.</exception>
    public static async Task<Emulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken = default)
    {
        var parts = await EmulatorParts.CreateAsync(options);
        Emulator emulator;
        try
        {
            emulator = new Emulator(options, parts, new EmulatorServices(options, parts));
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }

        try
        {
            await emulator.StartAsync(cancellationToken);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a handler that answers requests without a socket, for an emulator that listens nowhere.</summary>
    /// <exception cref="InvalidOperationException">The emulator listens on a port.</exception>
    public HttpMessageHandler CreateHandler() => _server.CreateHandler();

    /// <summary>Completes when the emulator has stopped.</summary>
    public async Task WaitAsync()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (Stopping.Register(stopping.SetResult))
        {
            await stopping.Task;
        }

        await StopAsync();
    }

    /// <summary>Stops the emulator in an orderly way.</summary>
    public Task StopAsync() => _end.Value;

    /// <summary>Stops the emulator, unless it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _server.DisposeAsync();
        _services.Dispose();
        await _parts.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // The executor is asked before it gets any new work.
        await _services.Reconciliation.RecoverAsync(cancellationToken);
        foreach (var service in _services.Background)
        {
            await service.StartAsync(cancellationToken);
            _ = ObserveAsync(service);
        }

        await ListenAsync(cancellationToken);
        await _services.Reconciliation.ReportLostAsync();
        if (_options.Bootstrap)
        {
            await BootstrapAsync(cancellationToken);
        }

        _services.Start.Complete();
        if (_options.Port is not null && !IsLoopback(_options.Host))
        {
            ListensWidely(Address);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(_services.Pipeline.HandleAsync, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new StartException($"Cannot listen on {_options.Host}:{_options.Port}: {exception.Message}");
        }
    }

    /// <summary>Stops the started services, in the opposite order.</summary>
    private async Task EndAsync()
    {
        _services.Lifetime.Stop();
        using var patience = new CancellationTokenSource(EndPatience);
        await _server.StopAsync(patience.Token);
        foreach (var service in _services.Background.Reverse())
        {
            await service.StopAsync(patience.Token);
        }
    }

    /// <summary>Stops the emulator if a background service fails, which none should.</summary>
    private async Task ObserveAsync(BackgroundService service)
    {
        try
        {
            await service.ExecuteTask!;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever it was, the emulator is not whole any more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ServiceBroke(exception, service.GetType().Name);
            _hasFailed = true;
            _services.Lifetime.Stop();
        }
    }

    private async Task BootstrapAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            await _services.Bootstrap.RunAsync(_options.Scope, ending.Token);
        }
        catch (Exception exception) when (HasFailed && exception is EngineStoppedException or OperationCanceledException)
        {
            // The engine has logged the reason, and the server ends.
        }
    }

    private static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    [LoggerMessage(LogLevel.Warning, "Listening on {Address}: anyone who can reach it can run commands on this machine.")]
    private partial void ListensWidely(string address);

    [LoggerMessage(LogLevel.Critical, "{Service} failed; the emulator stops.")]
    private partial void ServiceBroke(Exception exception, string service);
}
