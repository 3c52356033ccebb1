using System.Text.Json;
using BatchEmulator.Server.Commands;
using BatchEmulator.Server.Tests.Demo;

namespace BatchEmulator.Server.Tests.Control;

/// <summary>Estimated costs. BEST_FIT launches a c6i.large for a job of one vCPU: 2 vCPUs for 0.085 dollars an hour.</summary>
public sealed class CostTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("bootstrap", "true"), ("scale-down-delay", "0"));
        await _server.RegisterAsync("d");
        await _server.ClockAsync("""{"pause":true}""");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Cost_is_reported_by_environment_instance_type_queue_definition_and_job()
    {
        var job = await RunAsync("2h");

        var report = await _server.ControlAsync("cost");

        report.GetProperty("estimate").GetString().Should().StartWith("An estimate");
        Names(report, "computeEnvironments").Should().Equal("default");
        Names(report, "instances").Should().Equal("default c6i.large");
        Names(report, "jobQueues").Should().Equal("default");
        Names(report, "shares").Should().BeEmpty();
        Names(report, "jobDefinitions").Should().Equal("d:1");
        Names(report, "jobs").Should().Equal("job");
        report.GetProperty("jobs")[0].GetRawText().Should().Be(
            $$$"""{"name":"job","jobQueueArn":"arn:aws:batch:us-east-1:000000000000:job-queue/default","jobId":"{{{job}}}","usd":0.085,"vcpuHours":2,"onDemand":{"vcpuHours":2,"usd":0.085}}""");
        report.GetProperty("total").GetRawText().Should().Be(
            """{"name":"total","usd":0.17,"vcpuHours":4,"onDemand":{"vcpuHours":4,"usd":0.17},"instances":1,"interruptions":0,"instanceHours":2,"busy":0.5,"idle":{"vcpuHours":2,"usd":0.085}}""");
    }

    [Fact]
    public async Task Reset_begins_a_new_report()
    {
        await RunAsync("2h");

        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();

        (await _server.ControlAsync("cost")).GetProperty("total").GetProperty("usd").GetDecimal().Should().Be(0);
    }

    [Theory]
    [InlineData("?jobs=0", "other jobs")]
    [InlineData("?jobs=1", "job", "other jobs")]
    [InlineData("?jobs=2", "job", "job")]
    public async Task Number_of_jobs_is_that_asked_for(string query, params string[] names)
    {
        await RunAsync("2h");
        await RunAsync("1h");

        Names(await _server.ControlAsync($"cost{query}"), "jobs").Should().Equal(names);
    }

    [Theory]
    [InlineData("GET", "?jobs=-1", 400, "jobs must be a whole number from 0 to 100000.")]
    [InlineData("GET", "?jobs=100001", 400, "jobs must be a whole number from 0 to 100000.")]
    [InlineData("GET", "?jobs=1&jobs=2", 400, "jobs must be a whole number from 0 to 100000.")]
    [InlineData("GET", "?job=1", 400, "Unknown parameter job: only jobs is known.")]
    [InlineData("POST", "", 405, null)]
    public async Task Wrong_parameter_and_wrong_method_are_refused(string method, string query, int status, string? message)
    {
        var reply = await _server.SendAsync(new HttpMethod(method), $"/_emulator/cost{query}");

        reply.Status.Should().Be(status);
        if (message is not null)
        {
            reply.Message.Should().Be(message);
        }
    }

    [Fact]
    public async Task Command_prints_tables()
    {
        var job = await RunAsync("2h");
        var output = new StringWriter();

        (await CostCommand.PrintAsync(new Uri(_server.Address), 10, output, TestContext.Current.CancellationToken)).Should().Be(0);

        var lines = output.ToString().Split(output.NewLine);
        lines[0].Should().StartWith("An estimate, not a bill: ");
        lines[1].Should().MatchRegex(@"^From \S+Z to \S+Z; Spot is 65 % cheaper\.$");
        lines[2..8].Should().Equal(
            "",
            "ENVIRONMENT  INSTANCE H  VCPU H    BUSY  IDLE USD     USD",
            "default            2.00    4.00  50.0 %    0.0850  0.1700",
            "total              2.00    4.00  50.0 %    0.0850  0.1700",
            "",
            "INSTANCES                    INSTANCE H  VCPU H    BUSY  IDLE USD     USD");
        lines.Should().Contain("default c6i.large ON_DEMAND        2.00    4.00  50.0 %    0.0850  0.1700");
        lines.Should().Contain($"job ({job})    2.00     0.0850                               0.0850");
    }

    [Fact]
    public async Task Command_fails_without_a_server_and_refuses_a_wrong_number()
    {
        var output = new StringWriter();
        (await CostCommand.PrintAsync(new Uri("http://127.0.0.1:1/"), 10, output, TestContext.Current.CancellationToken)).Should().Be(1);
        output.ToString().Should().StartWith("http://127.0.0.1:1/ does not answer: ");

        var ending = await BuiltProgram.RunAsync(["cost", "--url", _server.Address, "--jobs", "many"]);
        ending.ExitCode.Should().Be(2);
        ending.Error.Should().StartWith("batch-emulator: --jobs must be a whole number from 0 to 100000, got \"many\".");
    }

    private static IEnumerable<string?> Names(JsonElement report, string list) =>
        report.GetProperty(list).EnumerateArray().Select(line => line.GetProperty("name").GetString());

    /// <summary>Runs a job of one vCPU for a time.</summary>
    private async Task<string> RunAsync(string time)
    {
        var job = await _server.SubmitAsync(
            "default", "d", $$"""
            "containerOverrides":{"environment":[{"name":"SIMULATE_RUN_FOR","value":"{{time}}"}]}
            """);
        await _server.ClockAsync($$"""{"advance":"{{time}}"}""");
        (await _server.DescribeAsync(job)).GetProperty("status").GetString().Should().Be("SUCCEEDED");
        return job;
    }
}
