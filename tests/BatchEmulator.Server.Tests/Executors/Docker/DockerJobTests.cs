using System.Text.Json;
using BatchEmulator.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Ends of jobs in real containers, as DescribeJobs shows them (docs/aws-behaviour.md, section 7.3).</summary>
[Trait("Section", "7.3")]
public sealed class DockerJobTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _image = "";

    public async ValueTask InitializeAsync()
    {
        _image = await DockerTestEngine.ImageAsync();
        _server = await TestServer.StartAsync(("executor", "docker"), ("bootstrap", "true"), ("host-vcpus", "4"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [AwsRule("7.3", Evidence.Rec, "the container ended by itself, with any code", "Essential container in task exited")]
    [InlineData("sh -c true", "SUCCEEDED", "Essential container in task exited", null, 0)]
    [InlineData("sh -c exit@3", "FAILED", "Essential container in task exited", null, 3)]
    [AwsRule("7.3", Evidence.Rec, "memory exhausted, 137", "OutOfMemoryError: Container killed due to memory usage")]
    [InlineData("sh -c a=x;while@true;do@a=$a$a;done", "FAILED", "Essential container in task exited", "OutOfMemoryError: Container killed due to memory usage", 137)]
    [AwsRule("7.3", Evidence.Infer, "bad command, 127 or 126", "CannotStartContainerError: Error response from daemon: ")]
    [InlineData("no-such-command", "FAILED", "Task failed to start", "CannotStartContainerError: Error response from daemon: *no-such-command*", 127)]
    [InlineData("/etc/passwd", "FAILED", "Task failed to start", "CannotStartContainerError: Error response from daemon: *permission denied*", 126)]
    public async Task Container_ends(string command, string status, string statusReason, string? reason, int exitCode)
    {
        await RegisterAsync(_image, [.. command.Split(' ').Select(word => word.Replace('@', ' '))]);

        var job = await _server.WaitForAsync(await _server.SubmitAsync("default", "d"), status);

        AssertEnd(job, statusReason, reason, exitCode);
        job.TryGetProperty("stoppedAt", out _).Should().BeTrue();
        job.TryGetProperty("startedAt", out _).Should().Be(statusReason == "Essential container in task exited");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "the image cannot be pulled", "CannotPullContainerError: Error response from daemon: ")]
    [AwsRule("7.3", Evidence.Rec, "it did not start", "Task failed to start")]
    public async Task Image_cannot_be_pulled()
    {
        await RegisterAsync("localhost:1/no-such-image:3", "true");

        var job = await _server.WaitForAsync(await _server.SubmitAsync("default", "d"), "FAILED");

        AssertEnd(job, "Task failed to start", "CannotPullContainerError: Error response from daemon: *localhost:1*", exitCode: null);
        job.TryGetProperty("startedAt", out _).Should().BeFalse();
        job.GetProperty("container").GetProperty("logStreamName").GetString().Should().StartWith("d/default/", "it was placed");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "the host is lost", "Host EC2 (instance i-0<id>) terminated.")]
    public async Task Strategy_can_retry_lost_hosts_only()
    {
        await RegisterAsync(_image, "sh", "-c", "[ $AWS_BATCH_JOB_ATTEMPT -gt 1 ] && exit 7; sleep 600");
        var id = await _server.SubmitAsync(
            "default",
            "d",
            "\"retryStrategy\":{\"attempts\":5,\"evaluateOnExit\":[{\"onStatusReason\":\"Host EC2*\",\"action\":\"RETRY\"},{\"onReason\":\"*\",\"action\":\"EXIT\"}]}");
        await _server.WaitForAsync(id, "RUNNING");

        await _server.RestartAsync(async () =>
        {
            using var engine = await DockerTestEngine.ConnectAsync();
            await engine.RemoveAsync(
                (await engine.ListAsync(DockerNames.JobId, id, CancellationToken.None)).Single().ID, CancellationToken.None);
        });

        var job = await _server.WaitForAsync(id, "FAILED");
        var attempts = job.GetProperty("attempts");
        attempts.GetArrayLength().Should().Be(2);
        attempts[0].GetProperty("statusReason").GetString().Should().Match("Host EC2 (instance i-0????????????????) terminated.");
        attempts[0].GetProperty("container").TryGetProperty("exitCode", out _).Should().BeFalse();
        attempts[0].GetProperty("container").TryGetProperty("reason", out _).Should().BeFalse();
        AssertEnd(job, "Essential container in task exited", reason: null, exitCode: 7);
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "TerminateJob stops what runs")]
    [AwsRule("7.3", Evidence.Rec, "TerminateJob and CancelJob: the caller's reason", "Terminated by the user")]
    public async Task Container_is_terminated_with_the_callers_reason()
    {
        await RegisterAsync(_image, "sh", "-c", "trap 'exit 143' TERM; while true; do sleep 0.05; done");
        var id = await _server.SubmitAsync("default", "d", "\"retryStrategy\":{\"attempts\":3}");
        await _server.WaitForAsync(id, "RUNNING");

        await _server.OkAsync("TerminateJob", $$"""{"jobId":"{{id}}","reason":"Terminated by the user"}""");

        var job = await _server.WaitForAsync(id, "FAILED");
        AssertEnd(job, "Terminated by the user", reason: null, exitCode: 143);
        job.GetProperty("attempts").GetArrayLength().Should().Be(1);
        job.GetProperty("attempts")[0].GetProperty("statusReason").GetString().Should().Be("Terminated by the user");
    }

    /// <summary>Asserts that the job and its latest attempt agree.</summary>
    private static void AssertEnd(JsonElement job, string statusReason, string? reason, int? exitCode)
    {
        var attempt = job.GetProperty("attempts").EnumerateArray().Last();
        foreach (var (reasonOfStatus, container) in new[] { (job, job.GetProperty("container")), (attempt, attempt.GetProperty("container")) })
        {
            reasonOfStatus.GetProperty("statusReason").GetString().Should().Be(statusReason);
            (container.TryGetProperty("exitCode", out var code) ? code.GetInt32() : (int?)null).Should().Be(exitCode);
            var told = container.TryGetProperty("reason", out var text) ? text.GetString() : null;
            if (reason is null)
            {
                told.Should().BeNull();
            }
            else
            {
                told.Should().Match(reason);
            }
        }
    }

    private Task RegisterAsync(string image, params string[] command) => _server.OkAsync(
        "RegisterJobDefinition",
        Requests.JobDefinition("d", image, command).Replace("\"value\":\"64\"", "\"value\":\"16\"", StringComparison.Ordinal));
}
