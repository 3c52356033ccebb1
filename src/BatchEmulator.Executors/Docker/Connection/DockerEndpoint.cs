using System.IO.Pipes;
using System.Net.Sockets;
using Docker.DotNet;

namespace BatchEmulator.Executors.Docker.Connection;

/// <summary>
/// The place where an engine listens: <c>unix:///path</c>, <c>npipe:////./pipe/name</c>, <c>tcp://host:port</c>, <c>http://host:port</c> or
/// <c>https://host:port</c>.
/// </summary>
internal sealed class DockerEndpoint
{
    private const int DefaultPort = 2375;
    private const int DefaultTlsPort = 2376;

    private readonly Func<CancellationToken, Task<Stream>> _connect;

    private DockerEndpoint(string address, Func<CancellationToken, Task<Stream>> connect)
    {
        Address = address;
        _connect = connect;
    }

    /// <summary>The address as the user wrote it.</summary>
    public string Address { get; }

    /// <param name="address">One of the forms above.</param>
    /// <param name="tls">TLS for connections to a host and a port.</param>
    /// <exception cref="DockerConfigurationException">The address is none of the forms above.</exception>
    public static DockerEndpoint Parse(string address, DockerTls? tls = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            throw new DockerConfigurationException($"'{address}' is not the address of a Docker engine.");
        }

        return uri.Scheme switch
        {
            "unix" => new(address, cancellationToken => ConnectUnixAsync(uri.LocalPath, cancellationToken)),
            "npipe" => new(address, cancellationToken => ConnectPipeAsync(Path.GetFileName(uri.AbsolutePath), cancellationToken)),
            "https" => OfHost(address, uri, tls ?? DockerTls.OfMachine),
            "tcp" or "http" => OfHost(address, uri, tls),
            _ => throw new DockerConfigurationException(
                $"'{address}' is not the address of a Docker engine: unix, npipe, tcp, http or https is expected."),
        };
    }

    public Task<Stream> ConnectAsync(CancellationToken cancellationToken) => _connect(cancellationToken);

    private static DockerEndpoint OfHost(string address, Uri uri, DockerTls? tls)
    {
        // With the scheme tcp, the address has no default port that would hide an explicit one.
        var written = new Uri("tcp" + address[uri.Scheme.Length..]).Port;
        var port = written >= 0 ? written : tls is null ? DefaultPort : DefaultTlsPort;
        return new(address, async cancellationToken =>
        {
            var connection = await ConnectTcpAsync(uri.IdnHost, port, cancellationToken);
            return tls is null ? connection : await tls.SecureAsync(connection, uri.IdnHost, cancellationToken);
        });
    }

    private static async Task<Stream> ConnectUnixAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectTcpAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // While a container runs, the wait for its end is silent for hours: only keep-alive detects that the engine's machine is gone.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            await socket.ConnectAsync(host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> ConnectPipeAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellationToken);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }
}
