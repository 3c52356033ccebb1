using BatchEmulator.Server.Tests.Delivery;

namespace BatchEmulator.Server.Tests.Control;

public sealed class HealthTests
{
    [Fact]
    public async Task Server_without_trouble_is_ok_in_all_parts()
    {
        await using var server = await TestServer.StartAsync();

        var health = await server.ControlAsync("health");

        health.GetProperty("status").GetString().Should().Be("ok");
        var parts = health.GetProperty("parts").EnumerateObject().ToList();
        parts.Select(part => part.Name).Should().Equal("engine", "store", "logs", "executor", "deliveries");
        parts.Should().OnlyContain(part => part.Value.GetRawText() == """{"status":"ok"}""");
    }

    [Fact]
    public async Task Receiver_of_events_that_refuses_degrades_the_server_until_it_takes_them()
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
}
