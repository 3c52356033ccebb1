using System.Net;
using System.Net.Sockets;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet;

namespace BatchEmulator.Server.Tests.Executors.Docker;

public sealed class DockerEndpointTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("ssh://host")]
    [InlineData("ftp://host")]
    public void Other_addresses_are_refused(string address) => address.Invoking(one => DockerEndpoint.Parse(one)).Should()
        .Throw<DockerConfigurationException>().WithMessage($"'{address}' is not the address of a Docker engine*");

    [Theory]
    [InlineData("tcp://127.0.0.1:{0}")]
    [InlineData("tcp://localhost:{0}")]
    [InlineData("http://127.0.0.1:{0}/")]
    public async Task Host_and_port_are_connected_to(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = DockerEndpoint.Parse(string.Format(address, ((IPEndPoint)listener.LocalEndpoint).Port));

        await using var connection = await endpoint.ConnectAsync(CancellationToken.None);

        using var accepted = await listener.AcceptSocketAsync();
        accepted.Connected.Should().BeTrue();
    }

    [Fact]
    public async Task Path_of_a_socket_may_have_spaces()
    {
        var folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
        var path = Path.Combine(folder, "my engine.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();

        await using (await DockerEndpoint.Parse("unix://" + path).ConnectAsync(CancellationToken.None))
        {
            using var accepted = await listener.AcceptAsync();
            accepted.Connected.Should().BeTrue();
        }

        Directory.Delete(folder, recursive: true);
    }
}
