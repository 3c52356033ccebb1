using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;

namespace BatchEmulator.Hosting.Http;

/// <summary>
/// Receives requests: Kestrel, or a server without a socket. There is no web host, whose configuration and signal handlers an emulator does
/// not need: the emulator starts and stops the server.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    /// <summary>A tag request names up to 50 keys of 128 characters in its URI, each of which may be percent-encoded.</summary>
    private const int MaximumRequestLine = 64 * 1024;

    private const int MaximumConnections = 10_000;

    private readonly WebApplication? _container;
    private readonly IServer _server;

    private HttpServer(IServer server, WebApplication? container) => (_server, _container) = (server, container);

    /// <summary>URL of the server; empty before the start, and without a socket.</summary>
    public string Address => _server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";

    /// <summary>Creates Kestrel for an address.</summary>
    public static HttpServer Listening(string host, int port, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        var container = builder.Build();
        var server = container.Services.GetRequiredService<IServer>();
        var isIpv6 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add($"http://{(isIpv6 ? $"[{host}]" : host)}:{port}");
        return new(server, container);
    }

    /// <summary>Creates a server whose only clients are handlers in this process.</summary>
    public static HttpServer InMemory() => new(new TestServer(new NoServices()), container: null);

    /// <summary>Begins to pass requests to a pipeline.</summary>
    /// <exception cref="IOException">The address is in use.</exception>
    /// <exception cref="SocketException">It is impossible to listen on the address.</exception>
    public Task StartAsync(RequestDelegate pipeline, CancellationToken cancellationToken) =>
        _server.StartAsync(new PipelineApplication(pipeline), cancellationToken);

    /// <summary>Accepts no new requests, and waits for pending ones until the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <exception cref="InvalidOperationException">The server listens on a port.</exception>
    public HttpMessageHandler CreateHandler() =>
        (_server as TestServer ?? throw new InvalidOperationException("The emulator listens on a port.")).CreateHandler();

    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        if (_container is not null)
        {
            await _container.DisposeAsync();
        }
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
        kestrel.Limits.MaxRequestLineSize = MaximumRequestLine;
        // The endpoints limit bodies by operation, so that a body that is too large gets AWS's error.
        kestrel.Limits.MaxRequestBodySize = null;
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
