using System.Text.Json;
using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Logs;

/// <summary>Streams of containers exist from their start; those of containers that never started do not.</summary>
[Trait("Section", "7.4")]
public sealed class ContainerStreamTests
{
    [Theory]
    [AwsRule("7.4", Evidence.Rec, "a container has its stream from its start on, also if it never writes a line")]
    [InlineData("simulated")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Container_without_output_has_an_empty_stream(string executor)
    {
        await using var server = await StartAsync(executor);
        await server.RegisterAsync("d", await ImageAsync(executor), "true");

        var job = await server.WaitForAsync(await server.SubmitAsync("default", "d"), "SUCCEEDED");

        var stream = job.GetProperty("container").GetProperty("logStreamName").GetString()!;
        (await EventsAsync(server, stream)).Ok().GetProperty("events").GetArrayLength().Should().Be(0);
        (await StreamsAsync(server)).Should().Equal(stream);
    }

    [Theory]
    [AwsRule("7.4", Evidence.Rec, "a container has its stream from its start on, also if it never writes a line")]
    [InlineData("simulated")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Running_container_has_its_stream_before_it_writes(string executor)
    {
        await using var server = await StartAsync(executor);
        await server.RegisterAsync("d", await ImageAsync(executor), "sleep", "600");
        var job = await server.SubmitAsync("default", "d", With("SIMULATE_RUN_FOR", "600"));

        var running = await server.WaitForAsync(job, "RUNNING");

        var stream = running.GetProperty("container").GetProperty("logStreamName").GetString()!;
        (await EventsAsync(server, stream)).Ok().GetProperty("events").GetArrayLength().Should().Be(0);
        await server.OkAsync("TerminateJob", $$"""{"jobId":"{{job}}","reason":"enough"}""");
        await server.WaitForAsync(job, "FAILED");
    }

    [Theory]
    [AwsRule("7.4", Evidence.Rec, "a container that never started has no stream", "The specified log stream does not exist.")]
    [InlineData("simulated")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Container_that_never_started_has_no_stream(string executor)
    {
        await using var server = await StartAsync(executor);
        await server.RegisterAsync("works", await ImageAsync(executor), "true");
        await server.RegisterAsync("fails", await ImageAsync(executor), "no-such-command");
        var works = await server.WaitForAsync(await server.SubmitAsync("default", "works"), "SUCCEEDED");

        await server.WaitForAsync(
            await server.SubmitAsync("default", "fails", With("SIMULATE_FAIL_TO_START", "CannotStartContainerError: none")), "FAILED");

        (await StreamsAsync(server)).Should().Equal(works.GetProperty("container").GetProperty("logStreamName").GetString()!);
        var missing = await EventsAsync(server, "fails/default/0123456789abcdef0123456789abcdef");
        missing.Json.GetProperty("__type").GetString().Should().Be("ResourceNotFoundException");
        missing.Message.Should().Be("The specified log stream does not exist.");
    }

    [Theory]
    [AwsRule("7.4", Evidence.Rec, "a container has its stream from its start on, also if it never writes a line")]
    [InlineData("process")]
    [InlineData("docker")]
    public async Task Each_container_of_a_task_has_the_stream_of_its_own_start(string executor)
    {
        await using var server = await StartAsync(executor);
        var image = await ImageAsync(executor);
        await server.OkAsync("RegisterJobDefinition", JsonSerializer.Serialize(new
        {
            jobDefinitionName = "d",
            type = "container",
            ecsProperties = new
            {
                taskProperties = new[]
                {
                    new
                    {
                        containers = new object[]
                        {
                            new
                            {
                                name = "main", image, essential = true, command = True, resourceRequirements = Requirements,
                                dependsOn = new[] { new { containerName = "setup", condition = "SUCCESS" } },
                            },
                            new { name = "setup", image, essential = false, command = True, resourceRequirements = Requirements },
                            new
                            {
                                name = "never", image, essential = false, command = True, resourceRequirements = Requirements,
                                dependsOn = new[] { new { containerName = "beside", condition = "COMPLETE" } },
                            },
                            new { name = "beside", image, essential = false, command = Endless, resourceRequirements = Requirements },
                        },
                    },
                },
            },
        }));

        await server.WaitForAsync(await server.SubmitAsync("default", "d"), "SUCCEEDED");

        (await StreamsAsync(server)).Select(stream => stream.Split('/')[1]).Should().BeEquivalentTo("main", "setup", "beside");
    }

    /// <summary>Members of a request that pass a variable to the job.</summary>
    private static string With(string name, string value) =>
        $$$"""{"containerOverrides":{"environment":[{"name":"{{{name}}}","value":"{{{value}}}"}]}}"""[1..^1];

    private static string[] True => ["true"];

    private static string[] Endless => ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.05; done"];

    private static object[] Requirements => [new { type = "VCPU", value = "1" }, new { type = "MEMORY", value = "16" }];

    private static Task<TestServer> StartAsync(string executor)
    {
        Assert.SkipWhen(executor == "process" && OperatingSystem.IsWindows(), "The commands are those of a POSIX system.");
        return TestServer.StartAsync(("executor", executor), ("bootstrap", "true"), ("host-vcpus", "8"));
    }

    private static async Task<string> ImageAsync(string executor) => executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";

    private static Task<WireReply> EventsAsync(TestServer server, string stream) =>
        server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/batch/job","logStreamName":"{{stream}}"}""");

    private static async Task<IReadOnlyList<string>> StreamsAsync(TestServer server) =>
        [.. (await server.CallLogsAsync("DescribeLogStreams", """{"logGroupName":"/aws/batch/job"}""")).Ok()
            .GetProperty("logStreams").EnumerateArray().Select(stream => stream.GetProperty("logStreamName").GetString()!)];
}
