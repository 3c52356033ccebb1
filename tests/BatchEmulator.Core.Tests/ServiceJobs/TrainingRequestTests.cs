using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Requests of SageMaker that service jobs carry (docs/aws-behaviour.md, section 11).</summary>
public sealed class TrainingRequestTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Fact]
    public void Image_is_run_with_the_members_of_the_request()
    {
        var id = _emulation.SubmitService(with: r => r with
        {
            ServiceRequestPayload =
                """
                {"TrainingJobName":"t","AlgorithmSpecification":{"TrainingImage":"busybox","ContainerEntrypoint":["sh","-c"],"ContainerArguments":["echo $A"]},
                "Environment":{"A":"b"}}
                """,
        });

        var launch = _emulation.Running[_emulation.KeyOf(id)];
        launch.JobDefinition.Should().BeNull();
        var container = launch.Containers.Should().ContainSingle().Subject;
        container.Should().Match<ContainerLaunch>(c => c.Image == "busybox" && c.MemoryMiB == null && c.Vcpus == 0);
        container.EntryPoint.Should().Equal("sh", "-c");
        container.Command.Should().Equal("echo $A");
        var name = _emulation.Job(id).Current!.TaskId;
        name.Should().MatchRegex("^AWSBatcht[0-9a-f]{32}$");
        container.Environment.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["A"] = "b",
            ["TRAINING_JOB_NAME"] = name,
            ["TRAINING_JOB_ARN"] = $"arn:aws:sagemaker:eu-central-1:123456789012:training-job/{name}",
        });
        container.Log.Should().Be(new LogDestination("/aws/sagemaker/TrainingJobs", $"{name}/algo-1-{_emulation.Now.ToUnixTimeSeconds()}"));
    }

    [Fact]
    public void Image_without_a_command_gets_the_argument_train()
    {
        var id = _emulation.SubmitService();

        _emulation.Running[_emulation.KeyOf(id)].Containers[0].Should()
            .Match<ContainerLaunch>(c => c.EntryPoint == null && c.Command.SequenceEqual(new[] { "train" }));
    }

    [Fact]
    public void Training_job_without_a_name_is_named_after_the_job_and_a_long_name_is_truncated()
    {
        var id = _emulation.SubmitService("a_b", with: r => r with { ServiceRequestPayload = "{}" });
        _emulation.Job(id).Current!.TaskId.Should().MatchRegex("^AWSBatcha-b[0-9a-f]{32}$");
        var longer = _emulation.SubmitService(with: r => r with { ServiceRequestPayload = $$"""{"TrainingJobName":"{{new string('x', 63)}}"}""" });
        _emulation.Job(longer).Current!.TaskId.Should().HaveLength(63);
    }

    [Theory]
    [InlineData("no json", "The request is not JSON.")]
    [InlineData("[]", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"AlgorithmSpecification":7}""", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"AlgorithmSpecification":{"ContainerEntrypoint":["a",null]}}""", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":0}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":1.5}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":99999999999}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceGroups":[{"InstanceType":"ml.a.large","InstanceCount":5},{"InstanceType":"ml.a.large","InstanceCount":-2}]}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceGroups":[]}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"TrainingJobName":"a/b"}""", "TrainingJobName does not match ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}.")]
    [InlineData("""{"Environment":{"A=B":"c"}}""", "A name in Environment does not match [a-zA-Z_][a-zA-Z0-9_]*.")]
    [InlineData("""{"AlgorithmSpecification":{"ContainerArguments":["a\u0000b"]}}""", "A text contains a character that is not allowed.")]
    [InlineData("""{"TrainingJobName":"\ud800"}""", "A member of the request has a value of the wrong type.")]
    public void Request_that_sagemaker_would_refuse_is_accepted_and_fails_at_its_hand_over(string payload, string text)
    {
        var id = _emulation.SubmitService(with: r => r with { ServiceRequestPayload = payload });

        _emulation.StatusesOf(id).Should().Equal(JobStatus.Submitted, JobStatus.Runnable, JobStatus.Failed);
        Shown(id).Should().Match<Wire.DescribeServiceJobResponse>(j =>
            j.StatusReason == $"Received status from SageMaker: ValidationException: {text}"
                && j.Attempts!.Count == 0
                && j.LatestAttempt == null);
    }

    private Wire.DescribeServiceJobResponse Shown(string id) => ServiceJobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
}
