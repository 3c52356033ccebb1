using BatchEmulator.Server.Executors.Docker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>An engine that takes longer than the ECS agent waits (section 7.3 of the behaviour reference).</summary>
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
    [InlineData("/containers/create", "DockerTimeoutError: Could not transition to created; timed out after waiting 0m1s")]
    [InlineData("/start", "DockerTimeoutError: Could not transition to started; timed out after waiting 0m2s")]
    public async Task Attempt_does_not_start(string slow, string reason)
    {
        _slow = slow;
        // Short where the engine is slow, so that a busy machine is not taken for a slow engine elsewhere.
        var options = new DockerExecutorOptions { InstanceId = "i" };
        options = slow == "/start" ? options with { StartPatience = TimeSpan.FromSeconds(2) } : options with { CreatePatience = TimeSpan.FromSeconds(1) };
        var client = new DockerClient(DockerEndpoint.Parse(_engine.Urls.Single().Replace("http://", "tcp://", StringComparison.Ordinal)));
        await using var executor = new DockerExecutor(
            _observer,
            client,
            options,
            (_, _) => Task.FromResult(0L),
            NullLogger<DockerExecutor>.Instance);
        var launch = Launch.Of(Launch.Container("image", "true"));

        executor.Start(launch);

        var end = await _observer.NotStartedAsync(launch.Key);
        end.Reason.Should().Be(reason);
        end.ExitCode.Should().BeNull();
    }

    [Fact]
    public void Agent_waits_four_minutes_for_a_container_to_be_created() =>
        new DockerExecutorOptions { InstanceId = "i" }.CreatePatience.Should().Be(TimeSpan.FromMinutes(4));

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith(_slow, StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }

        var isCreation = path.EndsWith("/create", StringComparison.Ordinal);
        context.Response.StatusCode = isCreation ? 201 : path == "/_ping" ? 200 : 404;
        await context.Response.WriteAsync(isCreation ? """{"Id":"0123456789ab"}""" : """{"message":"none"}""");
    }
}
