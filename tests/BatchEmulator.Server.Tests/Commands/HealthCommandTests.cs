using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BatchEmulator.Server.Commands;
using BatchEmulator.Server.Tests.Delivery;
using BatchEmulator.Server.Tests.Demo;

namespace BatchEmulator.Server.Tests.Commands;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task Healthy_server_ends_the_command_with_0()
    {
        await using var server = await TestServer.StartAsync();

        var ending = await BuiltProgram.RunAsync(["health", "--url", server.Address]);

        ending.Should().Be(new Ending(0, "ok" + Environment.NewLine, ""));
    }

    [Fact]
    public async Task Server_is_found_by_its_settings()
    {
        await using var server = await TestServer.StartAsync();
        var port = new Uri(server.Address).Port.ToString(CultureInfo.InvariantCulture);

        var ending = await BuiltProgram.RunAsync(["health"], ("BATCH_EMULATOR_HOST", "0.0.0.0"), ("BATCH_EMULATOR_PORT", port));

        ending.Should().Be(new Ending(0, "ok" + Environment.NewLine, ""));
    }

    [Fact]
    public async Task Health_check_of_an_unknown_port_is_refused()
    {
        var ending = await BuiltProgram.RunAsync(["health", "--port", "0"]);

        ending.ExitCode.Should().Be(2);
        ending.Error.Should().StartWith("batch-emulator: A server with --port 0 listens on any free port");
    }

    [Fact]
    public async Task Invalid_url_is_refused()
    {
        var ending = await BuiltProgram.RunAsync(["health", "--url", "here"]);

        ending.ExitCode.Should().Be(2);
        ending.Error.Should().StartWith("batch-emulator: --url must be a URL such as http://127.0.0.1:22824/, got \"here\".");
    }

    [Fact]
    public async Task Missing_server_is_not_healthy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();

        (await CheckAsync(address)).Should().Match<(int ExitCode, string Line)>(
            answer => answer.ExitCode == 1 && answer.Line.StartsWith($"{address} does not answer: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Degraded_server_is_healthy_and_its_problem_is_shown()
    {
        await using var receiver = await EventReceiver.StartAsync(_ => (500, ""));
        await using var server = await TestServer.StartAsync(
            ("bootstrap", "true"), ("events-webhook", receiver.Url), ("log-level", "error"));
        await server.RegisterAsync("d");
        await server.SubmitAsync("default", "d");
        await server.UntilHealthAsync("degraded");

        (await CheckAsync(new Uri(server.Address))).Should().Match<(int ExitCode, string Line)>(
            answer => answer.ExitCode == 0 && answer.Line.StartsWith("degraded: Events cannot be delivered to the webhook: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Other_server_is_not_healthy(string answer)
    {
        await using var other = await EventReceiver.StartAsync(_ => (200, answer));

        (await CheckAsync(new Uri(other.Url))).Should().Be((1, $"{new Uri(other.Url)} is not a Batch Emulator."));
    }

    private static async Task<(int ExitCode, string Line)> CheckAsync(Uri server)
    {
        using var output = new StringWriter();
        return (await HealthCommand.CheckAsync(server, output), output.ToString().TrimEnd());
    }
}
