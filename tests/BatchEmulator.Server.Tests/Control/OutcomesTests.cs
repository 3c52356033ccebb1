using BatchEmulator.Core.Attempts;
using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Server.Tests.Control;

public sealed class OutcomesTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"));
        await _server.RegisterAsync("d");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Jobs_follow_the_rules()
    {
        (await PutAsync("""[{"match":{"jobName":"job","arrayIndex":1},"exitCode":3,"reason":"as said","output":["one","two"]}]""")).Ok();

        var array = await _server.SubmitAsync("default", "d", "\"arrayProperties\":{\"size\":2}");

        await _server.WaitForAsync(array, "FAILED");
        (await _server.DescribeAsync(array + ":0")).GetProperty("status").GetString().Should().Be("SUCCEEDED");
        var failed = (await _server.DescribeAsync(array + ":1")).GetProperty("container");
        failed.GetProperty("exitCode").GetInt32().Should().Be(3);
        failed.GetProperty("reason").GetString().Should().Be("as said");
        var stream = failed.GetProperty("logStreamName").GetString();
        (await _server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}"}""")).Ok()
            .GetProperty("events").EnumerateArray().Select(e => e.GetProperty("message").GetString()).Should().Equal("one", "two");
    }

    [Fact]
    public void Variables_of_decisive_containers_count_and_the_first_one_wins()
    {
        static ContainerLaunch Container(string name, bool isEssential, params (string Name, string Value)[] variables) =>
            Launch.Container("i") with
            {
                Name = name,
                Essential = isEssential,
                Environment = [.. variables.Select(v => KeyValuePair.Create(v.Name, v.Value))],
            };
        var main = Container("main", false, ("SIMULATE_EXIT_CODE", "2")) with { DependsOn = [new("init", ContainerCondition.Success)] };
        var other = Container("other", false, ("SIMULATE_EXIT_CODE", "3"), ("SIMULATE_REASON", "as said"));
        var pod = Launch.Of(Container("init", false, ("SIMULATE_EXIT_CODE", "9")), main, other);
        var task = Launch.Of(
            Container("side", false, ("SIMULATE_EXIT_CODE", "9")),
            Container("first", true),
            Container("second", true, ("SIMULATE_EXIT_CODE", "4")));

        new OutcomeRules().OutcomeOf(pod).Should().Match<SimulatedOutcome>(o => o.ExitCode == 2 && o.Reason == "as said");
        new OutcomeRules().OutcomeOf(task).ExitCode.Should().Be(4);
    }

    [Fact]
    public async Task Held_job_stays_until_the_rules_release_it()
    {
        (await PutAsync("""[{"hold":"STARTING"}]""")).Ok();
        var job = await _server.SubmitAsync("default", "d");
        await _server.WaitForAsync(job, "STARTING");

        (await PutAsync("[]")).Ok();

        await _server.WaitForAsync(job, "SUCCEEDED");
    }

    [Fact]
    public async Task Rules_survive_a_restart_but_not_a_reset()
    {
        (await PutAsync("""{"rules":[{"hold":"RUNNING"}]}""")).Ok();
        var job = await _server.SubmitAsync("default", "d");
        await _server.WaitForAsync(job, "RUNNING");

        await _server.RestartAsync();

        (await RulesAsync()).Should().Be("""{"rules":[{"hold":"RUNNING"}]}""");
        (await _server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("RUNNING");
        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();
        (await RulesAsync()).Should().Be("""{"rules":[]}""");
    }

    [Theory]
    [InlineData("", "The body is not JSON as expected*")]
    [InlineData("[", "The body is not JSON as expected*")]
    [InlineData("3", "rules must be an array.")]
    [InlineData("{}", "rules is missing.")]
    [InlineData("""{"rule":[]}""", "rule is unknown*")]
    [InlineData("[3]", "rules[0] must be an object.")]
    [InlineData("""[{},{"exitcode":1}]""", "rules[1].exitcode is unknown; a rule has match, *")]
    [InlineData("""[{"exitCode":256}]""", "rules[0].exitCode must be an exit code from 0 to 255.")]
    [InlineData("""[{"exitCode":1.5}]""", "rules[0].exitCode must be *")]
    [InlineData("""[{"exitCode":1,"exitCode":2}]""", "The body is not JSON as expected*")]
    [InlineData("""[{"runFor":-1}]""", "rules[0].runFor must be a duration *")]
    [InlineData("""[{"runFor":1e999}]""", "rules[0].runFor must be a duration *")]
    [InlineData("""[{"startAfter":"soon"}]""", "rules[0].startAfter must be a duration *")]
    [InlineData("""[{"output":["a",1]}]""", "rules[0].output[1] must be a text.")]
    [InlineData("""[{"reason":"\ud800"}]""", "The body is not JSON as expected*")]
    [InlineData("""[{"hold":"PENDING"}]""", "rules[0].hold must be STARTING or RUNNING.")]
    [InlineData("""[{"hostLost":"yes"}]""", "rules[0].hostLost must be true or false.")]
    [InlineData("""[{"match":{"queue":"q"}}]""", "rules[0].match.queue is unknown; *")]
    [InlineData("""[{"match":{"attempt":0}}]""", "rules[0].match.attempt must be *")]
    public async Task Bad_rules_are_refused_and_change_nothing(string body, string message)
    {
        (await PutAsync("""[{"exitCode":1}]""")).Ok();

        var refusal = await PutAsync(body);

        refusal.Status.Should().Be(400, refusal.Body);
        refusal.Message.Should().Match(message.Replace("[", "?", StringComparison.Ordinal));
        (await RulesAsync()).Should().Be("""{"rules":[{"exitCode":1}]}""");
    }

    [Fact]
    public async Task Rules_are_bounded()
    {
        (await PutAsync($"[{string.Join(',', Enumerable.Repeat("{}", 1_000))}]")).Status.Should().Be(200);
        (await PutAsync($"[{string.Join(',', Enumerable.Repeat("{}", 1_001))}]")).Status.Should().Be(400);
        (await PutAsync($$"""[{"reason":"{{new string('x', 256 * 1024)}}"}]""")).Status.Should().Be(413);
    }

    [Fact]
    public async Task Other_executors_have_no_rules()
    {
        await using var server = await TestServer.StartAsync(("executor", "process"));

        (await server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", "[]")).Message.Should()
            .Contain("this server runs jobs with process");
        (await server.ControlAsync("outcomes")).GetProperty("rules").GetArrayLength().Should().Be(0);
    }

    private Task<WireReply> PutAsync(string json) => _server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", json);

    private async Task<string> RulesAsync() => (await _server.SendAsync(HttpMethod.Get, "/_emulator/outcomes")).Body;
}
