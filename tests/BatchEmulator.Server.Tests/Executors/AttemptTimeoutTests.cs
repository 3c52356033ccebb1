using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>A timeout in real time: a minute, the shortest that AWS Batch accepts (docs/aws-behaviour.md, section 7.3).</summary>
public abstract class AttemptTimeoutTests(string executor)
{
    private const int Seconds = 60;

    /// <returns>Name of the image of the job.</returns>
    protected virtual Task<string> PrepareAsync() => Task.FromResult("none");

    [Fact]
    [AwsRule("7.3", Evidence.Client, "timeout", "Job attempt duration exceeded timeout")]
    public async Task Attempt_that_times_out_is_stopped_and_not_retried()
    {
        var image = await PrepareAsync();
        await using var server = await TestServer.StartAsync(("executor", executor), ("bootstrap", "true"));
        await server.RegisterAsync("d", image, "sh", "-c", "trap 'echo asked to stop; exit 3' TERM; while true; do sleep 0.1; done");
        var id = await server.SubmitAsync("default", "d", $$"""
            "timeout":{"attemptDurationSeconds":{{Seconds}}},"retryStrategy":{"attempts":3}
            """);
        var startedAt = (await server.WaitForAsync(id, "RUNNING")).GetProperty("startedAt").GetInt64();

        var job = await server.WaitForAsync(id, "FAILED", TimeSpan.FromSeconds(Seconds) + TestServer.Patience);

        (job.GetProperty("stoppedAt").GetInt64() - startedAt).Should().BeGreaterThanOrEqualTo(Seconds * 1000);
        job.GetProperty("statusReason").GetString().Should().Be("Job attempt duration exceeded timeout");
        job.GetProperty("container").GetProperty("exitCode").GetInt32().Should()
            .Be(3, "SIGTERM comes first, and there is time for an orderly end");
        job.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("statusReason").GetString()).Should()
            .Equal("Job attempt duration exceeded timeout");
    }
}

/// <inheritdoc/>
public sealed class ProcessTimeoutTests() : AttemptTimeoutTests("process");

/// <inheritdoc/>
public sealed class DockerTimeoutTests() : AttemptTimeoutTests("docker")
{
    protected override Task<string> PrepareAsync() => DockerTestEngine.ImageAsync();
}
