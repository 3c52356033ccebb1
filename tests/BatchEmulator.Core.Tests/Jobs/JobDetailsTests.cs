using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Description of a job in each stage of its life (docs/aws-behaviour.md, sections 7.1, 7.2, 7.4 and 7.5).</summary>
public sealed class JobDetailsTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [AwsRule("7.1", Evidence.Rec, "task, container instance and log stream from STARTING, start from RUNNING")]
    public void Runtime_members_are_shown_from_starting_on()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var first = emulation.Submit();
        var id = emulation.Submit();
        Wire.ContainerDetail Container() => Detail(emulation, id).Container!;

        (Container().TaskArn, Container().ContainerInstanceArn, Container().LogStreamName).Should().Be((null, null, null));
        emulation.Succeed(first);

        Detail(emulation, id).Status.Should().Be("STARTING");
        Detail(emulation, id).StartedAt.Should().BeNull();
        Container().TaskArn.Should().MatchRegex("^arn:aws:ecs:eu-central-1:123456789012:task/AWSBatch-ce-[0-9a-f-]{36}/[0-9a-f]{32}$");
        Container().ContainerInstanceArn.Should()
            .MatchRegex("^arn:aws:ecs:eu-central-1:123456789012:container-instance/AWSBatch-ce-[0-9a-f-]{36}/[0-9a-f]{32}$");
        Container().LogStreamName.Should().MatchRegex("^d/default/[0-9a-f]{32}$").And.EndWith(Container().TaskArn![^32..]);
        emulation.Start(id);

        Detail(emulation, id).StartedAt.Should().Be(emulation.Now.ToUnixTimeMilliseconds());
        Container().LogStreamName.Should().EndWith(Container().TaskArn![^32..]);
    }

    [Fact]
    [AwsRule("7.2", Evidence.Rec, "createdAt of the submission, startedAt of the latest attempt, stoppedAt of the end")]
    public void Times_are_those_of_submission_latest_start_and_end()
    {
        var submitted = Milliseconds();
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        Later();
        var firstStart = Milliseconds();
        _emulation.Start(id);
        Later();
        var firstEnd = Milliseconds();
        _emulation.Exit(id, 1);
        Detail(id).StartedAt.Should().Be(firstStart, "no other attempt has started");
        Detail(id).StoppedAt.Should().BeNull();
        Later();
        var secondStart = Milliseconds();
        _emulation.Start(id);
        Later();
        _emulation.Exit(id);

        var job = Detail(id);
        (job.CreatedAt, job.StartedAt, job.StoppedAt).Should().Be((submitted, secondStart, Milliseconds()));
        (job.Attempts![0].StartedAt, job.Attempts[0].StoppedAt).Should().Be((firstStart, firstEnd));
        (job.Attempts[1].StartedAt, job.Attempts[1].StoppedAt).Should().Be((secondStart, Milliseconds()));
    }

    [Fact]
    [AwsRule("7.2", Evidence.Rec, "a job that never ran has an end and no start", "Task failed to start")]
    public void Job_that_never_ran_has_an_end_and_no_start()
    {
        var id = _emulation.Submit();
        Later();
        _emulation.End(id, new AttemptNotStarted("CannotPullContainerError: Error response from daemon: manifest for i not found: manifest unknown: Requested image not found"));

        var summary = JobSummaries.Of(_emulation.Job(id), isFiltered: false);
        (summary.StartedAt, summary.StoppedAt, summary.StatusReason).Should().Be((null, Milliseconds(), "Task failed to start"));
        summary.Container.Should().Be(new Wire.ContainerSummary
        {
            Reason = "CannotPullContainerError: Error response from daemon: manifest for i not found: manifest unknown: Requested image not found",
        });
        (Detail(id).StartedAt, Detail(id).StoppedAt).Should().Be((null, Milliseconds()));
    }

    [Fact]
    [AwsRule("7.2", Evidence.Rec, "children share createdAt")]
    public void Children_share_the_time_of_submission()
    {
        var id = _emulation.SubmitArray(3);

        Enumerable.Range(0, 3).Select(i => Detail($"{id}:{i}").CreatedAt).Append(Detail(id).CreatedAt).Should()
            .AllBeEquivalentTo(Milliseconds());
    }

    [Fact]
    [AwsRule("7.4", Evidence.Rec,
        "one element for each finished attempt; what did not start has no start; its log stream is named, and does not exist")]
    public void Attempts_lists_the_finished_ones()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start(id);
        Detail(id).Attempts.Should().BeEmpty();
        _emulation.Exit(id, 137, "OutOfMemoryError: Container killed due to memory usage");
        _emulation.End(id, new AttemptNotStarted("CannotStartContainerError: Error response from daemon: x", 127));

        var (first, second) = (Detail(id).Attempts![0], Detail(id).Attempts![1]);
        (first.StatusReason, first.Container!.ExitCode, first.Container.Reason).Should().Be(
            ("Essential container in task exited", 137, "OutOfMemoryError: Container killed due to memory usage"));
        first.Container.LogStreamName.Should().NotBeNull();
        first.Container.NetworkInterfaces.Should().BeEmpty();
        first.TaskProperties.Should().BeNull();
        (second.StatusReason, second.StartedAt, second.Container!.ExitCode, second.Container.Reason, second.Container.LogStreamName)
            .Should()
            .Be(
            ("Task failed to start", null, 127, "CannotStartContainerError: Error response from daemon: x", $"d/default/{second.Container.TaskArn![^32..]}"));
        first.Container.TaskArn.Should().NotBe(second.Container.TaskArn);
    }

    [Fact]
    [AwsRule("7.4", Evidence.Rec, "the job's container is that of the latest attempt")]
    public void Container_of_the_job_is_that_of_the_latest_attempt()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start(id);
        _emulation.Exit(id, 1, "first");
        var retried = Detail(id);
        (retried.Status, retried.Container!.ExitCode, retried.Container.TaskArn).Should()
            .Be(("STARTING", null, _emulation.Job(id).Current!.TaskArn));
        _emulation.Start(id);
        _emulation.Exit(id, 2, "second");

        var (container, last) = (Detail(id).Container!, Detail(id).Attempts![1].Container!);
        (container.ExitCode, container.Reason, container.TaskArn, container.ContainerInstanceArn, container.LogStreamName).Should().Be(
            (last.ExitCode, last.Reason, last.TaskArn, last.ContainerInstanceArn, last.LogStreamName));
        container.Reason.Should().Be("second");
    }

    [Fact]
    [AwsRule("7.5", Evidence.Rec, "Fargate job")]
    [AwsRule("8", Evidence.Client, "AWS_EXECUTION_ENV, AWS_REGION, AWS_DEFAULT_REGION on ECS")]
    public void Fargate_job_shows_its_platform_and_no_container_instance()
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Resources.Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");
        _emulation.Define("f", r => r with
        {
            PlatformCapabilities = ["FARGATE"],
            ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r", RuntimePlatform = new() { CpuArchitecture = "ARM64", OperatingSystemFamily = "LINUX" } },
        });
        var id = _emulation.Submit(with: r => r with { JobQueue = "serverless", JobDefinition = "f" });
        _emulation.Running[_emulation.KeyOf(id)].Containers[0].Environment.Should()
            .Contain(new KeyValuePair<string, string>("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE"));
        Detail(id).Container!.NetworkInterfaces.Should().ContainSingle("the task has its interface once it is placed");
        _emulation.Turn(new Engine.AttemptStarted(_emulation.KeyOf(id), "10.0.0.190"));
        _emulation.Exit(id);

        var job = Detail(id);
        job.PlatformCapabilities.Should().Equal("FARGATE");
        job.Container!.FargatePlatformConfiguration!.PlatformVersion.Should().Be("LATEST");
        job.Container.RuntimePlatform!.CpuArchitecture.Should().Be("ARM64");
        job.Container.ContainerInstanceArn.Should().BeNull();
        job.Container.TaskArn.Should().NotBeNull();
        job.Container.NetworkInterfaces.Should().ContainSingle().Which.PrivateIpv4Address.Should().Be("10.0.0.190");
        job.Container.NetworkInterfaces![0].AttachmentId.Should().MatchRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
    }

    private void Later() => _emulation.Advance(TimeSpan.FromSeconds(1));

    private long Milliseconds() => _emulation.Now.ToUnixTimeMilliseconds();

    private Wire.JobDetail Detail(string id) => Detail(_emulation, id);

    private static Wire.JobDetail Detail(Emulation emulation, string id) =>
        JobDetails.Of(emulation.Job(id), new Dictionary<string, string>());
}
