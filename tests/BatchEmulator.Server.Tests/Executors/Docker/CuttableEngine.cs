using System.Collections.Concurrent;
using System.Net.Sockets;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>A socket that forwards everything to the real engine until it is cut: an engine that goes away and comes back.</summary>
internal sealed class CuttableEngine : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"batch-emulator-test-{Guid.NewGuid():N}.sock");
    private readonly DockerEndpoint _engine;
    private readonly ConcurrentBag<IDisposable> _connections = [];
    private Socket? _listener;

    public CuttableEngine(string engine)
    {
        _engine = DockerEndpoint.Parse(engine);
        Join();
    }

    public string Address => "unix://" + _path;

    public void Join()
    {
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
        _ = AcceptAsync(_listener);
    }

    public void Cut()
    {
        _listener?.Dispose();
        File.Delete(_path);
        while (_connections.TryTake(out var connection))
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
                var server = await _engine.ConnectAsync(CancellationToken.None);
                _connections.Add(client);
                _connections.Add(server);
                Relay.Start(client, server);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
