using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>A small machine does not change the scheduling: all jobs run, if not all at once.</summary>
public sealed class MachineJobTests
{
    private const string VcpusOfTwoCores = "8";

    [Theory]
    [InlineData("docker")]
    [InlineData("process")]
    public async Task Long_job_delays_neither_a_larger_one_nor_nodes_nor_an_array(string executor)
    {
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The commands are for a POSIX shell.");
        await using var server = await TestServer.StartAsync(
            ("executor", executor), ("host-vcpus", VcpusOfTwoCores), ("resource-delay", "0"));
        await server.CreateQueueAsync("first");
        await server.CreateQueueAsync("second");
        await server.RegisterAsync("long", image, "sh", "-c", "trap 'exit 0' TERM; sleep 600 & wait");
        await server.RegisterAsync("short", image, "sh", "-c", "true");
        await server.OkAsync("RegisterJobDefinition", $$$"""
            {"jobDefinitionName":"nodes","type":"multinode","nodeProperties":{"numNodes":3,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:",
            "container":{"image":"{{{image}}}","command":["sh","-c","sleep 1"],"vcpus":1,"memory":64}}]}}
            """);

        var long1 = await server.SubmitAsync("first", "long");
        var large = await server.SubmitAsync("second", "short", """
            "containerOverrides":{"resourceRequirements":[{"type":"VCPU","value":"4"}]}
            """);
        var nodes = await server.SubmitAsync("second", "nodes");
        var array = await server.SubmitAsync("first", "short", "\"arrayProperties\":{\"size\":20}");
        foreach (var id in new[] { large, nodes, array })
        {
            await server.WaitForAsync(id, "SUCCEEDED");
        }

        (await server.WaitForAsync(long1, "RUNNING")).GetProperty("container").TryGetProperty("exitCode", out _).Should()
            .BeFalse("it still runs");
        (await server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body.Should()
            .Contain("batch_emulator_attempts_waiting_for_machine 0");
    }

    [Fact]
    public async Task Job_that_waits_for_the_machine_is_starting_is_counted_and_can_be_terminated()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        await using var server = await TestServer.StartAsync(("executor", "process"), ("host-vcpus", "2"), ("resource-delay", "0"));
        await server.CreateQueueAsync("q");
        await server.RegisterAsync("long", "any", "sleep", "600");
        var holders = new[] { await server.SubmitAsync("q", "long"), await server.SubmitAsync("q", "long") };
        foreach (var holder in holders)
        {
            await server.WaitForAsync(holder, "RUNNING");
        }

        var waiting = await server.SubmitAsync("q", "long");

        (await server.DescribeAsync(waiting)).GetProperty("status").GetString().Should().Be("STARTING");
        (await server.SendAsync(HttpMethod.Get, "/_emulator/metrics")).Body.Should()
            .Contain("batch_emulator_attempts_waiting_for_machine 1");
        await server.OkAsync("TerminateJob", $$"""{"jobId":"{{waiting}}","reason":"enough"}""");
        (await server.WaitForAsync(waiting, "FAILED")).GetProperty("statusReason").GetString().Should().Be("enough");
        foreach (var holder in holders)
        {
            await server.OkAsync("TerminateJob", $$"""{"jobId":"{{holder}}","reason":"enough"}""");
            await server.WaitForAsync(holder, "FAILED");
        }
    }
}
