using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BatchEmulator.Server.Tests.Delivery;

/// <summary>Listens on its own port and records the requests; the test decides the answers.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _received = new(0);

    private EventReceiver(int port, Func<ReceivedRequest, Task<(int Status, string Body)>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var request = new ReceivedRequest(headers, await reader.ReadToEndAsync());
            var (status, body) = await answer(request);
            if (status == 200)
            {
                Accepted.Enqueue(request);
                _received.Release();
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
    }

    /// <summary>Events that were answered with 200, in the order of the answers.</summary>
    public ConcurrentQueue<ReceivedRequest> Accepted { get; } = new();

    public string Url => _app.Urls.First() + "/";

    public static async Task<EventReceiver> StartAsync(Func<ReceivedRequest, Task<(int Status, string Body)>> answer, int port = 0)
    {
        var receiver = new EventReceiver(port, answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    public static Task<EventReceiver> StartAsync(Func<ReceivedRequest, (int Status, string Body)> answer, int port = 0) =>
        StartAsync(request => Task.FromResult(answer(request)), port);

    /// <summary>Waits until the accepted events meet a condition.</summary>
    public async Task UntilAsync(Func<IReadOnlyCollection<ReceivedRequest>, bool> isEnough)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (!isEnough(Accepted))
        {
            await _received.WaitAsync(patience.Token);
        }
    }

    /// <summary>A port that refuses connections, and that no other process can take until it is disposed.</summary>
    public static Socket ReservePort(out int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _received.Dispose();
    }
}

internal sealed record ReceivedRequest(IReadOnlyDictionary<string, string> Headers, string Body);
