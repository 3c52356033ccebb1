using System.IO.Pipes;
using System.Net.Sockets;

namespace BatchEmulator.Executors.Docker;

/// <summary>Where an engine listens: <c>unix:///path</c>, <c>npipe:////./pipe/name</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</summary>
internal sealed class DockerEndpoint
{
    private const int DefaultTcpPort = 2375;

    private readonly Func<CancellationToken, ValueTask<Stream>> _connect;

    private DockerEndpoint(string address, Func<CancellationToken, ValueTask<Stream>> connect)
    {
        Address = address;
        _connect = connect;
    }

    /// <summary>As the user wrote it.</summary>
    public string Address { get; }

    /// <exception cref="FormatException">The address is none of the forms above.</exception>
    public static DockerEndpoint Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            throw new FormatException($"'{address}' is not the address of a Docker engine.");
        }

        return uri.Scheme switch
        {
            "unix" => new(address, cancellationToken => ConnectUnixAsync(uri.AbsolutePath, cancellationToken)),
            "npipe" => new(address, cancellationToken => ConnectPipeAsync(Path.GetFileName(uri.AbsolutePath), cancellationToken)),
            "tcp" or "http" => new(address, cancellationToken => ConnectTcpAsync(uri, cancellationToken)),
            _ => throw new FormatException($"'{address}' is not the address of a Docker engine: unix, npipe, tcp or http is expected."),
        };
    }

    /// <summary>Addresses worth asking on this machine, best first. An explicit DOCKER_HOST is the only one then.</summary>
    public static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
        {
            return [host];
        }

        if (OperatingSystem.IsWindows())
        {
            return ["npipe:////./pipe/docker_engine"];
        }

        var paths = new List<string> { "/var/run/docker.sock" };
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        if (!string.IsNullOrEmpty(runtime))
        {
            paths.Add(Path.Combine(runtime, "docker.sock"));
            paths.Add(Path.Combine(runtime, "podman", "podman.sock"));
        }

        paths.Add("/run/podman/podman.sock");
        paths.Add(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "run", "docker.sock"));
        return paths.Where(File.Exists).Select(path => "unix://" + path);
    }

    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) => _connect(cancellationToken);

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken cancellationToken)
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

    private static async ValueTask<Stream> ConnectTcpAsync(Uri uri, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A wait for a container's end is silent for hours: only keep-alive notices that the engine's machine is gone.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            await socket.ConnectAsync(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? DefaultTcpPort : uri.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectPipeAsync(string name, CancellationToken cancellationToken)
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
