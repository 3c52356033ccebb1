using System.Text.Json;

namespace BatchEmulator.Server.Tests.Control;

/// <summary>Faults of the capacity of EC2 and Fargate.</summary>
public sealed class CapacityFaultsTests : IAsyncLifetime
{
    private const string Holding = """{"rules":[{"match":{"attempt":1},"hold":"RUNNING"}]}""";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(("resource-delay", "0"));
        await _server.RegisterAsync("d");
        (await _server.SendAsync(HttpMethod.Put, "/_emulator/outcomes", Holding)).Ok();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Reclaimed_spot_job_is_retried_on_the_next_environment()
    {
        await CreateAsync("spot", "SPOT");
        await CreateAsync("on-demand", "EC2");
        await CreateQueueAsync("spot", "on-demand");
        var job = await _server.SubmitAsync("q", "d", """
            "retryStrategy":{"attempts":3,"evaluateOnExit":[{"onStatusReason":"Host EC2*","action":"RETRY"},{"onReason":"*","action":"EXIT"}]}
            """);
        await _server.WaitForAsync(job, "RUNNING");

        await ChangeAsync("""{"shortage":{"purchase":"SPOT","seconds":600}}""");
        await ChangeAsync($$$"""{"reclaim":{"job":"{{{job}}}","notice":false}}""");

        var ended = await _server.WaitForAsync(job, "SUCCEEDED");
        var attempts = ended.GetProperty("attempts").EnumerateArray().ToList();
        attempts.Should().HaveCount(2);
        attempts[0].GetProperty("statusReason").GetString().Should().MatchRegex("^Host EC2 \\(instance i-0[0-9a-f]{16}\\) terminated\\.$");
        attempts[1].GetProperty("container").GetProperty("containerInstanceArn").GetString().Should().Contain("on-demand");
    }

    [Fact]
    public async Task Environment_loses_as_many_of_its_oldest_instances_as_are_asked_for()
    {
        await CreateAsync("ce", "EC2");
        await CreateQueueAsync("ce");
        var array = await _server.SubmitAsync("q", "d", """
            "arrayProperties":{"size":6}
            """);
        await _server.UntilAsync("ListJobs", $$"""{"arrayJobId":"{{array}}","jobStatus":"RUNNING"}""", r => r.GetProperty("jobSummaryList").GetArrayLength() == 6);

        await ChangeAsync("""{"lose":{"environment":"ce","count":2}}""");

        var failed = await _server.UntilAsync(
            "ListJobs", $$"""{"arrayJobId":"{{array}}","jobStatus":"FAILED"}""", r => r.GetProperty("jobSummaryList").GetArrayLength() > 0);
        failed.GetProperty("jobSummaryList").EnumerateArray().Select(job => job.GetProperty("statusReason").GetString())
            .Should().HaveCount(4).And.AllSatisfy(reason => reason.Should().StartWith("Host EC2 (instance i-0"));
        (await ChangeAsync("""{"lose":{"environment":"ce","count":9}}""")).Should().Be("{}");
        (await RefusalAsync("""{"lose":{"environment":"ce"}}""")).Should().Be("ce has no such instance.");
    }

    [Fact]
    public async Task Fargate_spot_task_is_interrupted()
    {
        await _server.OkAsync("CreateComputeEnvironment", """
            {"computeEnvironmentName":"fargate","type":"MANAGED","computeResources":{"type":"FARGATE_SPOT","maxvCpus":4,"subnets":["s"],"securityGroupIds":["g"]}}
            """);
        await CreateQueueAsync("fargate");
        await _server.OkAsync("RegisterJobDefinition", """
            {"jobDefinitionName":"f","type":"container","platformCapabilities":["FARGATE"],"containerProperties":{"image":"i","executionRoleArn":"arn:aws:iam::123456789012:role/r",
            "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"2048"}]}}
            """);
        var job = await _server.SubmitAsync("q", "f");
        await _server.WaitForAsync(job, "RUNNING");

        await ChangeAsync($$$"""{"reclaim":{"job":"{{{job}}}","notice":false}}""");

        (await _server.WaitForAsync(job, "FAILED")).GetProperty("statusReason").GetString().Should().Be("Your Spot Task was interrupted.");
    }

    [Fact]
    public async Task Shortage_shows_its_reason_at_once_and_ends_with_null()
    {
        await CreateAsync("ce", "EC2");
        await CreateQueueAsync("ce");
        (await ChangeAsync("""{"shortage":[{"instanceType":"m5.large","seconds":600}]}"""))
            .Should().Be("""{"shortage":[{"instanceType":"m5.large","seconds":600}]}""");

        var job = await _server.SubmitAsync("q", "d");
        (await _server.WaitForAsync(job, "RUNNABLE")).GetProperty("statusReason").GetString().Should().Be(
            "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [m5.large]");
        (await ChangeAsync("""{"shortage":null}""")).Should().Be("{}");

        await _server.WaitForAsync(job, "RUNNING");
    }

    [Fact]
    public async Task Hazard_rate_is_shown_and_ended_by_a_reset()
    {
        (await ChangeAsync("""{"hazard":{"rates":{"m5.large":0.5,"*":0.1},"seed":7}}"""))
            .Should().Be("""{"hazard":{"rates":{"*":0.1,"m5.large":0.5},"seed":7}}""");

        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Ok();

        JsonSerializer.Serialize(await _server.ControlAsync("faults")).Should().Be("{}");
    }

    [Theory]
    [InlineData("""{"reclaim":3}""")]
    [InlineData("""{"reclaim":{"instance":"i-0"}}""")]
    [InlineData("""{"reclaim":{"instance":"i-0","job":"j"}}""")]
    [InlineData("""{"reclaim":{"job":"no-such-job"}}""")]
    [InlineData("""{"reclaim":{"environment":"none","count":0}}""")]
    [InlineData("""{"reclaim":{"environment":"none"}}""")]
    [InlineData("""{"reclaim":{"job":"j","notice":"yes"}}""")]
    [InlineData("""{"lose":{"job":"j","notice":true}}""")]
    [InlineData("""{"lose":null}""")]
    [InlineData("""{"shortage":{}}""")]
    [InlineData("""{"shortage":[3]}""")]
    [InlineData("""{"shortage":{"seconds":0}}""")]
    [InlineData("""{"shortage":{"seconds":1,"instanceType":"m5.huge"}}""")]
    [InlineData("""{"shortage":{"seconds":1,"purchase":"FREE"}}""")]
    [InlineData("""{"hazard":{}}""")]
    [InlineData("""{"hazard":{"rates":{"m5.huge":1}}}""")]
    [InlineData("""{"hazard":{"rates":{"m5.large":-1}}}""")]
    [InlineData("""{"hazard":{"rates":{"m5.large":1},"seed":1.5}}""")]
    [InlineData("""{"hazard":{"rates":{"\ud800":1}}}""")]
    public async Task Invalid_fault_is_refused_and_changes_nothing(string body)
    {
        await RefusalAsync(body);

        JsonSerializer.Serialize(await _server.ControlAsync("faults")).Should().Be("{}");
    }

    private async Task CreateAsync(string name, string type) => await _server.OkAsync("CreateComputeEnvironment", $$$"""
        {"computeEnvironmentName":"{{{name}}}","type":"MANAGED","computeResources":{"type":"{{{type}}}","minvCpus":0,"maxvCpus":8,"instanceTypes":["m5.large"],
        "instanceRole":"r","spotIamFleetRole":"f","subnets":["s"],"securityGroupIds":["g"]}}
        """);

    private async Task CreateQueueAsync(params string[] environments)
    {
        var order = string.Join(',', environments.Select((name, i) => $$$"""{"order":{{{i}}},"computeEnvironment":"{{{name}}}"}"""));
        await _server.OkAsync("CreateJobQueue", $$"""{"jobQueueName":"q","priority":1,"computeEnvironmentOrder":[{{order}}]}""");
    }

    private async Task<string> ChangeAsync(string body)
    {
        var reply = await _server.SendAsync(HttpMethod.Post, "/_emulator/faults", body);
        reply.Ok();
        return reply.Body;
    }

    private async Task<string> RefusalAsync(string body)
    {
        var reply = await _server.SendAsync(HttpMethod.Post, "/_emulator/faults", body);
        reply.Status.Should().Be(400);
        return reply.Message!;
    }
}
