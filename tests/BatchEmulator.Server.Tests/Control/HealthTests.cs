using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using BatchEmulator.Server.Tests.Delivery;
using BatchEmulator.Server.Tests.Durability;

namespace BatchEmulator.Server.Tests.Control;

public sealed class HealthTests
{
    [Fact]
    public async Task Healthy_server_is_ok_in_all_parts()
    {
        await using var server = await TestServer.StartAsync();

        var health = await server.ControlAsync("health");

        health.GetProperty("status").GetString().Should().Be("ok");
        var parts = health.GetProperty("parts").EnumerateObject().ToList();
        parts.Select(part => part.Name).Should().Equal("engine", "store", "logs", "executor", "deliveries");
        parts.Should().OnlyContain(part => part.Value.GetRawText() == """{"status":"ok"}""");
    }

    [Fact]
    public async Task Server_is_starting_until_the_bootstrap_is_done_and_answers_meanwhile()
    {
        var address = FreeAddress();
        using var client = new HttpClient { BaseAddress = address, Timeout = TestServer.Patience };
        var start = TestServer.StartAsync(
            ("port", address.Port.ToString(CultureInfo.InvariantCulture)), ("bootstrap", "true"), ("resource-delay", "3600"));

        (await UntilAnsweredAsync(client)).Should().Be((HttpStatusCode.ServiceUnavailable, "starting"));
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (!(await PostAsync(client, "/v1/describecomputeenvironments", "{}")).Contains("CREATING", StringComparison.Ordinal))
        {
            await Task.Delay(5, patience.Token);
        }

        // While the clock is paused, the queue can be used at once.
        await PostAsync(client, "/_emulator/clock", """{"pause":true,"advance":"1h"}""");

        await using var server = await start;
        (await UntilAnsweredAsync(client)).Should().Be((HttpStatusCode.OK, "ok"));
        await server.RegisterAsync("d");
        await server.SubmitAsync("default", "d");
    }

    [Fact]
    public async Task Environment_that_a_killed_server_left_in_creation_is_waited_for()
    {
        var folder = Directory.CreateTempSubdirectory("batch-emulator-test-").FullName;
        await using (var killed = await ServerProcess.StartAsync(folder, "simulated", "--resource-delay", "1"))
        {
            await killed.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("default"));
            killed.Kill();
            await killed.EndAsync();
        }

        await using (var server = await TestServer.StartAsync(("data", folder), ("bootstrap", "true"), ("resource-delay", "0")))
        {
            await server.RegisterAsync("d");
            await server.SubmitAsync("default", "d");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Refusing_receiver_of_events_degrades_the_server_until_it_accepts_them()
    {
        var refuses = true;
        await using var receiver = await EventReceiver.StartAsync(_ => Volatile.Read(ref refuses) ? (500, "") : (200, ""));
        await using var server = await TestServer.StartAsync(("bootstrap", "true"), ("events-webhook", receiver.Url));
        await server.RegisterAsync("d");
        await server.SubmitAsync("default", "d");

        var deliveries = (await server.UntilHealthAsync("degraded")).GetProperty("parts").GetProperty("deliveries");

        deliveries.GetProperty("status").GetString().Should().Be("degraded");
        deliveries.GetProperty("error").GetString().Should().StartWith("Events cannot be delivered to the webhook: ").And.Contain("500");
        Volatile.Write(ref refuses, false);
        await server.UntilHealthAsync("ok");
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    /// <summary>Requests the health until the server listens.</summary>
    private static async Task<(HttpStatusCode Code, string? Status)> UntilAnsweredAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("/_emulator/health", UriKind.Relative), patience.Token);
                return (
                    response.StatusCode,
                    JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
            {
                await Task.Delay(5, patience.Token);
            }
        }
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        response.IsSuccessStatusCode.Should().BeTrue(path);
        return await response.Content.ReadAsStringAsync();
    }
}
