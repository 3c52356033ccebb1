using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>An engine that takes longer than the ECS agent waits (docs/aws-behaviour.md, section 7.3).</summary>
[Trait("Section", "7.3")]
public sealed class SlowEngineTests : IAsyncLifetime
{
    private readonly RecordingObserver _observer = new();
    private WebApplication _engine = null!;
    private string _slow = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _engine = builder.Build();
        _engine.Run(AnswerAsync);
        await _engine.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [AwsRule("7.3", Evidence.Rec, "the engine is too slow",
        "DockerTimeoutError: Could not transition to created; timed out after waiting <time>")]
    [InlineData("/containers/create", "DockerTimeoutError: Could not transition to created; timed out after waiting 0m1s")]
    [InlineData("/start", "DockerTimeoutError: Could not transition to started; timed out after waiting 0m2s")]
    public async Task Attempt_does_not_start(string slow, string reason)
    {
        _slow = slow;
        // Short only where the engine is slow, so that a busy machine is not taken for a slow engine.
        var options = new DockerExecutorOptions { InstanceId = "i" };
        options = slow == "/start"
            ? options with { StartPatience = TimeSpan.FromSeconds(2) }
            : options with { CreatePatience = TimeSpan.FromSeconds(1) };
        await using var executor = ExecutorWith(options);
        var launch = Launch.Of(Launch.Container("image", "true"));

        executor.Start(launch);

        var end = await _observer.NotStartedAsync(launch.Key);
        end.Reason.Should().Be(reason);
        end.ExitCode.Should().BeNull();
    }

    [Theory]
    [InlineData("", "CannotInspectContainerError: Error response from daemon: no idea")]
    [AwsRule("7.3", Evidence.Client, "the engine cannot tell why a container ended",
        "CannotInspectContainerError: Could not transition to inspecting; timed out after waiting <time>")]
    [InlineData("/json", "CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 1s")]
    public async Task Container_that_ended_cannot_be_inspected(string slow, string reason)
    {
        _slow = slow.Length == 0 ? "/none" : slow;
        await using var executor = ExecutorWith(
            new() { InstanceId = "i", InspectPatience = TimeSpan.FromSeconds(slow.Length == 0 ? 30 : 1) });
        var launch = Launch.Of(Launch.Container("image", "true"));

        executor.Start(launch);

        (await _observer.ContainerEndAsync(launch.Key)).Should().Be(new ContainerEnd(launch.Containers[0].Name, 3, reason));
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "it waits four minutes")]
    public void Agent_waits_four_minutes_for_a_container_to_be_created() =>
        new DockerExecutorOptions { InstanceId = "i" }.CreatePatience.Should().Be(TimeSpan.FromMinutes(4));

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith(_slow, StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }

        var (status, body) = path[path.LastIndexOf('/')..] switch
        {
            "/create" => (201, """{"Id":"0123456789ab"}"""),
            "/_ping" or "/logs" => (200, ""),
            "/start" => (204, ""),
            "/wait" => (200, """{"StatusCode":3}"""),
            "/json" => (500, """{"message":"no idea"}"""),
            _ => (404, """{"message":"none"}"""),
        };
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    }

    private DockerExecutor ExecutorWith(DockerExecutorOptions options) => new(
        _observer,
        new DockerEngine(DockerEndpoint.Parse(_engine.Urls.Single().Replace("http://", "tcp://", StringComparison.Ordinal))),
        options,
        (_, _) => Task.FromResult(0L),
        NullLogger<DockerExecutor>.Instance);
}
