using System.Collections.Concurrent;
using System.Net.Sockets;
using BatchEmulator.Server.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>A socket that passes everything on to the real engine, until it is cut: as an engine that goes away and comes back.</summary>
internal sealed class CuttableEngine : IAsyncDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"batch-emulator-test-{Guid.NewGuid():N}.sock");
    private readonly DockerEndpoint engine;
    private readonly ConcurrentBag<IDisposable> connections = [];
    private Socket? listener;

    public CuttableEngine(string engine)
    {
        this.engine = DockerEndpoint.Parse(engine);
        Join();
    }

    public string Address => "unix://" + path;

    public void Join()
    {
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AcceptAsync(listener);
    }

    public void Cut()
    {
        listener?.Dispose();
        File.Delete(path);
        while (connections.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                var client = new NetworkStream(await from.AcceptAsync(), ownsSocket: true);
                var server = await engine.ConnectAsync(CancellationToken.None);
                connections.Add(client);
                connections.Add(server);
                _ = PassAsync(client, server);
                _ = PassAsync(server, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static async Task PassAsync(Stream from, Stream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Cut.
        }

        await to.DisposeAsync();
    }
}
