using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>
/// The real engine behind TLS, as with <c>dockerd --tlsverify</c>: it presents a certificate and requires one that its authority signed.
/// </summary>
internal sealed class TlsEngine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Stream> _connections = [];
    private readonly DockerEndpoint _engine;
    private readonly SslServerAuthenticationOptions _options;

    public TlsEngine(string engine, X509Certificate2 certificate, X509Certificate2 authority)
    {
        _engine = DockerEndpoint.Parse(engine);
        _options = new()
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"tcp://127.0.0.1:{Port}";

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var secured = new SslStream(new NetworkStream(socket, ownsSocket: true));
        _connections.Add(secured);
        try
        {
            await secured.AuthenticateAsServerAsync(_options);
            var engine = await _engine.ConnectAsync(CancellationToken.None);
            _connections.Add(engine);
            Relay.Start(secured, engine);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // One of the two refused the other.
            await secured.DisposeAsync();
        }
    }
}
