using System.Text.Json;

namespace BatchEmulator.Server.Tests.Control;

/// <summary>Faults of the API (docs/aws-behaviour.md, section 1.4, for the error of a throttled call).</summary>
public sealed class FaultsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("bootstrap", "true"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Next_calls_are_throttled_and_change_nothing()
    {
        await ChangeAsync("""{"throttle":{"calls":2}}""");

        for (var call = 0; call < 2; call++)
        {
            var refused = await _server.CallAsync("CreateSchedulingPolicy", """{"name":"p"}""");
            refused.Status.Should().Be(429);
            refused.Message.Should().Be("Too Many Requests");
            refused.ErrorType.Should().Be("TooManyRequestsException");
        }

        (await StateAsync()).Should().Be("{}");
        (await _server.CallAsync("CreateSchedulingPolicy", """{"name":"p"}""")).Ok();
    }

    [Fact]
    public async Task Share_of_the_calls_of_one_operation_fails()
    {
        await ChangeAsync("""{"fail":{"share":0.25,"operation":"ListSchedulingPolicies"}}""");

        var statuses = new List<int>();
        for (var call = 0; call < 8; call++)
        {
            statuses.Add((await _server.CallAsync("ListSchedulingPolicies", "{}")).Status);
            (await _server.CallAsync("DescribeJobQueues", "{}")).Ok();
        }

        statuses.Should().Equal(200, 200, 200, 500, 200, 200, 200, 500);
    }

    [Fact]
    public async Task Fault_is_shown_replaced_and_ended_by_null_or_by_a_reset()
    {
        await ChangeAsync("""{"throttle":{"calls":9},"fail":{"share":1}}""");
        (await ChangeAsync("""{"throttle":{"calls":1,"operation":"SubmitJob"}}""")).Should().Be("""{"throttle":{"calls":1,"operation":"SubmitJob"},"fail":{"share":1}}""");
        (await ChangeAsync("""{"fail":null}""")).Should().Be("""{"throttle":{"calls":1,"operation":"SubmitJob"}}""");

        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();

        (await StateAsync()).Should().Be("{}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"throttle":3}""")]
    [InlineData("""{"throttle":{}}""")]
    [InlineData("""{"throttle":{"calls":0}}""")]
    [InlineData("""{"throttle":{"calls":1.5}}""")]
    [InlineData("""{"throttle":{"calls":1,"share":1}}""")]
    [InlineData("""{"fail":{"share":0}}""")]
    [InlineData("""{"fail":{"share":1.01}}""")]
    [InlineData("""{"fail":{"share":1,"operation":"NoSuch"}}""")]
    [InlineData("""{"fail":{"share":1,"x":1}}""")]
    [InlineData("""{"unknown":{}}""")]
    [InlineData("""{"fail":{"share":1},"fail":null}""")]
    [InlineData("""{"fail":{"share":1,"operation":"\ud800"}}""")]
    public async Task Invalid_fault_is_refused_and_changes_nothing(string body)
    {
        (await _server.SendAsync(HttpMethod.Post, "/_emulator/faults", body)).Status.Should().Be(400);

        (await StateAsync()).Should().Be("{}");
    }

    private async Task<string> ChangeAsync(string body)
    {
        var reply = await _server.SendAsync(HttpMethod.Post, "/_emulator/faults", body);
        reply.Ok();
        return reply.Body;
    }

    private async Task<string> StateAsync() => JsonSerializer.Serialize(await _server.ControlAsync("faults"));
}
