using System.Text.Json;
using BatchEmulator.Server.Tests.Executors.Docker;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>Service jobs with a real executor: the image of the training job, with its own command and variables.</summary>
public sealed class TrainingJobTests
{
    [Theory]
    [InlineData("docker")]
    [InlineData("process")]
    public async Task Training_job_runs_its_command_and_ends_with_its_exit_code(string executor)
    {
        var image = executor == "docker" ? await DockerTestEngine.ImageAsync() : "any";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        await using var server = await TestServer.StartAsync(("executor", executor));
        await server.CreateServiceQueueAsync("sq");
        var payload = JsonSerializer.Serialize(new
        {
            TrainingJobName = "fit",
            AlgorithmSpecification = new
            {
                TrainingImage = image,
                ContainerEntrypoint = new[] { "sh", "-c" },
                ContainerArguments = new[] { "echo \"$TRAINING_JOB_NAME $EPOCHS ${AWS_BATCH_JOB_ID-none}\"; exit 3" },
            },
            Environment = new { EPOCHS = "7" },
        });

        var id = (await server.OkAsync("SubmitServiceJob", Requests.ServiceJobOf(payload, "train", "sq"))).GetProperty("jobId").GetString();

        var job = await server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == "FAILED");
        job.GetProperty("statusReason").GetString().Should().Be("Received status from SageMaker: AlgorithmError: , exit code: 3");
        job.GetProperty("startedAt").GetInt64().Should().BeGreaterThanOrEqualTo(job.GetProperty("scheduledAt").GetInt64());
        var name = job.GetProperty("latestAttempt").GetProperty("serviceResourceId").GetProperty("value").GetString()!.Split('/')[1];
        var stream = $"{name}/algo-1-{job.GetProperty("scheduledAt").GetInt64() / 1000}";
        (await server.CallLogsAsync("GetLogEvents", $$"""{"logGroupName":"/aws/sagemaker/TrainingJobs","logStreamName":"{{stream}}"}""")).Ok()
            .GetProperty("events")[0].GetProperty("message").GetString().Should().Be($"{name} 7 none");
    }

    [Fact]
    public async Task Training_job_without_an_image_fails_with_a_reason()
    {
        await DockerTestEngine.ImageAsync();
        await using var server = await TestServer.StartAsync(("executor", "docker"));
        await server.CreateServiceQueueAsync("sq");

        var id = (await server.OkAsync("SubmitServiceJob", Requests.ServiceJobOf("{}", "train", "sq"))).GetProperty("jobId").GetString();

        var job = await server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == "FAILED");
        job.GetProperty("statusReason").GetString().Should()
            .Be("Received status from SageMaker: CannotPullContainerError: no image is named");
    }

    [Fact]
    public async Task Terminated_training_job_is_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The command is for a POSIX shell.");
        await using var server = await TestServer.StartAsync(("executor", "process"));
        await server.CreateServiceQueueAsync("sq");
        var id = (await server.OkAsync("SubmitServiceJob", Requests.ServiceJobOf(
            """{"AlgorithmSpecification":{"ContainerEntrypoint":["sleep","600"]}}""", "train", "sq"))).GetProperty("jobId").GetString();
        await server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == "RUNNING");

        await server.OkAsync("TerminateServiceJob", $$"""{"jobId":"{{id}}","reason":"enough"}""");

        var job = await server.UntilAsync("DescribeServiceJob", $$"""{"jobId":"{{id}}"}""", j => j.GetProperty("status").GetString() == "FAILED");
        job.GetProperty("statusReason").GetString().Should().Be("enough");
        job.GetProperty("isTerminated").GetBoolean().Should().BeTrue();
    }
}
