using System.Text.Json;

namespace BatchEmulator.Server.Tests.Control;

public sealed class ControlTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(("bootstrap", "true"));

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Health_answers() => (await _server.ControlAsync("health")).GetProperty("status").GetString().Should().Be("ok");

    [Fact]
    public async Task Bootstrapped_server_needs_only_a_definition()
    {
        await _server.RegisterAsync("d");
        await _server.WaitForAsync(await _server.SubmitAsync("default", "d"), "SUCCEEDED");

        var info = await _server.ControlAsync("info");
        info.GetProperty("executor").GetString().Should().Be("simulated");
        info.GetProperty("counts").GetProperty("jobs").GetProperty("SUCCEEDED").GetInt64().Should().Be(1);
        info.GetProperty("counts").GetProperty("jobQueues").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Reset_leaves_nothing()
    {
        await _server.RegisterAsync("d");
        var job = await _server.SubmitAsync(
            "default", "d", "\"containerOverrides\":{\"environment\":[{\"name\":\"SIMULATE_RUN_FOR\",\"value\":\"600\"}]}");
        await _server.WaitForAsync(job, "RUNNING");

        (await _server.SendAsync(HttpMethod.Post, "/_emulator/reset", "")).Status.Should().Be(200);

        var counts = (await _server.ControlAsync("info")).GetProperty("counts");
        counts.GetProperty("jobQueues").GetInt64().Should().Be(1, "it is bootstrapped again");
        (await _server.OkAsync("DescribeJobQueues", """{"jobQueues":["default"]}""")).GetProperty("jobQueues")[0].GetProperty("status").GetString().Should().Be("VALID");
        counts.GetProperty("jobs").GetProperty("RUNNING").GetInt64().Should().Be(0);
        (await _server.OkAsync("DescribeJobs", $$"""{"jobs":["{{job}}"]}""")).GetProperty("jobs").GetArrayLength().Should().Be(0);
        (await _server.RegisterAsync("d")).Should().EndWith("/d:1", "it is as on the first start");
    }

    [Fact]
    public async Task Events_report_every_transition_in_order()
    {
        await _server.RegisterAsync("d");
        using var stream = new StreamReader(await _server.Http.GetStreamAsync("/_emulator/events"));
        (await stream.ReadLineAsync()).Should().Be(": connected");
        var job = await _server.SubmitAsync("default", "d");

        var statuses = new List<string>();
        while (statuses.LastOrDefault() != "SUCCEEDED")
        {
            var line = await stream.ReadLineAsync();
            if (line?.StartsWith("data: ", StringComparison.Ordinal) != true)
            {
                continue;
            }

            var told = JsonDocument.Parse(line[6..]).RootElement;
            if (told.GetProperty("detail-type").GetString() == "Batch Job State Change")
            {
                told.GetProperty("source").GetString().Should().Be("aws.batch");
                told.GetProperty("resources")[0].GetString().Should().EndWith(job);
                told.GetProperty("detail").GetProperty("tags").GetProperty("resourceArn").GetString().Should().EndWith(job);
                statuses.Add(told.GetProperty("detail").GetProperty("status").GetString()!);
            }
        }

        statuses.Should().Equal("RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED");
    }

    [Fact]
    public async Task Events_cover_every_kind_of_resource()
    {
        using var stream = new StreamReader(await _server.Http.GetStreamAsync("/_emulator/events"));
        await _server.OkAsync("CreateComputeEnvironment", Requests.ComputeEnvironment("ce"));
        await _server.OkAsync("CreateServiceEnvironment", Requests.ServiceEnvironment("se"));
        await _server.OkAsync("CreateConsumableResource", """{"consumableResourceName":"cr"}""");
        await _server.OkAsync("CreateSchedulingPolicy", """{"name":"p"}""");
        await _server.RegisterAsync("d");
        await _server.UntilAsync(
            "DescribeComputeEnvironments", """{"computeEnvironments":["ce"]}""", r => r.GetProperty("computeEnvironments")[0].GetProperty("status").GetString() == "VALID");
        await _server.OkAsync("CreateJobQueue", Requests.JobQueue("ce"));
        await _server.OkAsync("DeleteConsumableResource", """{"consumableResource":"cr"}""");
        await _server.OkAsync("DeleteSchedulingPolicy", """{"arn":"arn:aws:batch:us-east-1:000000000000:scheduling-policy/p"}""");

        var told = new Dictionary<string, string?>();
        while (!told.ContainsKey("Batch Scheduling Policy Deleted"))
        {
            if (await stream.ReadLineAsync() is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                var change = JsonDocument.Parse(line[6..]).RootElement;
                told[change.GetProperty("detail-type").GetString()!] = change.GetProperty("resources")[0].GetString();
            }
        }

        told.ToDictionary(t => t.Key, t => t.Value!.Split(':')[^1]).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["Batch Compute Environment Change"] = "compute-environment/ce",
            ["Batch Service Environment Change"] = "service-environment/se",
            ["Batch Consumable Resource Change"] = "consumable-resource/cr",
            ["Batch Consumable Resource Deleted"] = "consumable-resource/cr",
            ["Batch Scheduling Policy Change"] = "scheduling-policy/p",
            ["Batch Scheduling Policy Deleted"] = "scheduling-policy/p",
            ["Batch Job Definition Change"] = "1",
            ["Batch Job Queue Change"] = "job-queue/ce",
        });
    }
}
