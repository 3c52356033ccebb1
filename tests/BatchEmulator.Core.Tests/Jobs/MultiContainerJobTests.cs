using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>Multi-container jobs (docs/aws-behaviour.md, sections 5.5 and 7.4).</summary>
[Trait("Section", "5.5")]
public sealed class MultiContainerJobTests
{
    private const string Main = """{"name":"main","image":"i","command":["main"],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}""";
    private const string Side = """{"name":"side","image":"i","essential":false,"resourceRequirements":[{"type":"VCPU","value":"2"},{"type":"MEMORY","value":"64"}]}""";
    private readonly Emulation _emulation = new Emulation().Ready();

    [Theory]
    [AwsRule("5.5", Evidence.Live, "1 to 10 containers", "Number of containers must be between 1 and 10")]
    [InlineData("""[]""", "Number of containers must be between 1 and 10")]
    [InlineData("""[MAIN,MAIN,MAIN,MAIN,MAIN,MAIN,MAIN,MAIN,MAIN,MAIN,MAIN]""", "Number of containers must be between 1 and 10")]
    [AwsRule("5.5", Evidence.Live, "one is essential", "At least one container must be set as essential")]
    [InlineData("""[{"name":"a","image":"i","essential":false,"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}]""", "At least one container must be set as essential")]
    [AwsRule("5.5", Evidence.Live, "names are unique", "The container name: <n> must be unique in multi-container job.")]
    [InlineData("""[MAIN,MAIN]""", "The container name: main must be unique in multi-container job.")]
    [AwsRule("5.5", Evidence.Live, "dependency of an only container", "Container dependency can not be used in a single-container job.")]
    [InlineData("""[{"name":"main","image":"i","dependsOn":[{"containerName":"x","condition":"START"}]}]""", "Container dependency can not be used in a single-container job.")]
    [AwsRule("5.5", Evidence.Live, "dependency on an unknown container", "containerName <x> must reference a defined container.")]
    [InlineData("""[SIDE,{"name":"m","image":"i","dependsOn":[{"containerName":"x","condition":"START"}]}]""", "containerName x must reference a defined container.")]
    [AwsRule("5.5", Evidence.Live, "unknown condition",
        "TaskContainer dependency <x> is not valid. Valid values are: [START, COMPLETE, SUCCESS]")]
    [InlineData("""[SIDE,{"name":"m","image":"i","dependsOn":[{"containerName":"side","condition":"HEALTHY"}]}]""", "TaskContainer dependency HEALTHY is not valid. Valid values are: [START, COMPLETE, SUCCESS]")]
    [AwsRule("5.5", Evidence.Live, "waiting for the end of an essential container",
        "The container target of a dependency can not have condition <C> if the target is essential")]
    [InlineData("""[MAIN,{"name":"m","image":"i","dependsOn":[{"containerName":"main","condition":"COMPLETE"}]}]""", "The container target of a dependency can not have condition COMPLETE if the target is essential")]
    [InlineData("""[{"name":"a","image":"i"}]""", "vCPU is required.")]
    [AwsRule("5.5", Evidence.Live, "firelens without the log driver",
        "When a firelensConfiguration object is specified, at least one container has to be configured with the awsfirelens log driver")]
    [InlineData("""[SIDE,{"name":"m","image":"i","firelensConfiguration":{"type":"fluentbit"},"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}]""", "When a firelensConfiguration object is specified, at least one container has to be configured with the awsfirelens log driver")]
    public void Register_refuses_in_the_words_of_aws(string containers, string text) =>
        this.Invoking(t => t.Define($$"""{"containers":{{containers.Replace("MAIN", Main).Replace("SIDE", Side)}}}""")).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);

    [Theory]
    [AwsRule("5.5", Evidence.Live, "ipcMode", "ipcMode <x> is not valid. Valid values are: [host, task, none]")]
    [InlineData("\"ipcMode\":\"shared\"", "ipcMode shared is not valid. Valid values are: [host, task, none]")]
    [AwsRule("5.5", Evidence.Live, "pidMode", "Capability <x> is not valid. Valid capabilities: [host, task]")]
    [InlineData("\"pidMode\":\"shared\"", "Capability shared is not valid. Valid capabilities: [host, task]")]
    public void Register_refuses_unknown_modes(string member, string text) =>
        this.Invoking(t => t.Define($$"""{"containers":[{{Main}}],{{member}}}""")).Should().Throw<ClientException>().WithMessage(text);

    [Fact]
    [AwsRule("5.5", Evidence.Open, "exactly one task")]
    public void Exactly_one_task_is_needed()
    {
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "m", Type = "container" },
            """{"ecsProperties":{"taskProperties":TASKS}}""".Replace("TASKS", "[TASK,TASK]").Replace("TASK", $$"""{"containers":[{{Main}}]}"""));

        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, request)).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.OneTask);
    }

    [Fact]
    [AwsRule("5.5", Evidence.Open, "containers beside others have names; no circle of dependencies")]
    public void Container_beside_others_needs_a_name() =>
        this.Invoking(t => t.Define($$"""{"containers":[{{Main}},{{Main.Replace("\"name\":\"main\",", "")}}]}""")).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ContainerNameRequired);

    [Fact]
    [AwsRule("5.5", Evidence.Infer, "what lies within the limits is accepted")]
    public void Ten_containers_with_firelens_and_dependencies_are_accepted()
    {
        var containers = Enumerable.Range(0, 8).Select(i => Side.Replace("side", $"s{i}"))
            .Append(Side[..^1] + ""","dependsOn":[{"containerName":"main","condition":"START"},{"containerName":"s0","condition":"COMPLETE"},{"containerName":"s1","condition":"SUCCESS"}]}""")
            .Append(Main[..^1] + ""","firelensConfiguration":{"type":"fluentbit"},"logConfiguration":{"logDriver":"awsfirelens"}}""");

        this.Invoking(t => t.Define($$"""{"ipcMode":"task","pidMode":"host","containers":[{{string.Join(',', containers)}}]}""")).Should().NotThrow();
    }

    [Fact]
    [AwsRule("5.5", Evidence.Live, "Fargate needs the execution role in the task", "executionRoleArn is required for Fargate jobs.")]
    public void Fargate_needs_the_execution_role_of_the_task()
    {
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "m", Type = "container", PlatformCapabilities = ["FARGATE"] },
            """{"ecsProperties":{"taskProperties":[{"containers":[MAIN]}]}}""".Replace("MAIN", Main.Replace("128", "2048")));
        var given = Json.Patched(request, """{"ecsProperties":{"taskProperties":[{"executionRoleArn":"arn:aws:iam::123456789012:role/r","containers":[MAIN]}]}}""".Replace("MAIN", Main.Replace("128", "2048")));

        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, request)).Should().Throw<ClientException>()
            .WithMessage("executionRoleArn is required for Fargate jobs.");
        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, given)).Should().NotThrow();
    }

    [Fact]
    [AwsRule("5.5", Evidence.Open, "containers beside others have names; no circle of dependencies")]
    public void Cycle_of_container_dependencies_is_refused() =>
        this.Invoking(t => t.Define(
            $$"""{"containers":[{{Main[..^1]}},"dependsOn":[{"containerName":"side","condition":"START"}]},{{Side[..^1]}},"dependsOn":[{"containerName":"main","condition":"START"}]}]}"""))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.ContainerDependencyCycle);

    [Fact]
    public void Launch_has_every_container_with_its_own_log_and_the_sum_is_what_the_job_needs()
    {
        Define($$"""{"containers":[{{Main[..^1]}},"dependsOn":[{"containerName":"side","condition":"SUCCESS"}]},{{Side}}]}""");
        var id = Submit();

        var launch = _emulation.Running[_emulation.KeyOf(id)];
        launch.Containers.Select(c => c.Name).Should().Equal("main", "side");
        launch.Containers[0].DependsOn.Should().Equal(new ContainerDependency("side", ContainerCondition.Success));
        launch.Containers[1].Essential.Should().BeFalse();
        launch.Containers.Select(c => c.Log.Stream).Should().OnlyHaveUniqueItems();
        launch.Containers[1].Log.Stream.Should().MatchRegex("^m/side/[0-9a-f]{32}$");
        _emulation.Job(id).Specification.Needs.Should().Be(new ResourceAmounts(3_000, 192));
    }

    [Fact]
    [AwsRule("6.3", Evidence.Doc, "containers of tasks and pods are overridden by name")]
    public void Overrides_are_merged_by_container_name()
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit(r => r with
        {
            EcsPropertiesOverride = new() { TaskProperties = [new() { Containers = [new() { Name = "side", Command = ["other"] }] }] },
        });

        _emulation.Job(id).Specification.Task!.Containers!.SelectMany(c => c.Command!).Should().Equal("main", "other");
    }

    [Fact]
    [AwsRule("6.2", Evidence.Live, "other overrides than a task's, bare", "Container overrides should not be set for ecsProperties jobs.")]
    public void Overrides_of_another_kind_are_refused_in_the_words_of_aws()
    {
        Define($$"""{"containers":[{{Main}}]}""");

        this.Invoking(t => t.Submit(r => r with { ContainerOverrides = new() { Command = ["x"] } }))
            .Should()
            .Throw<ClientException>().Which
            .Should()
            .Match<ClientException>(
            e => !e.IsWrapped && e.Message == "Container overrides should not be set for ecsProperties jobs.");
    }

    [Fact]
    public void Later_overrides_of_a_container_win_and_unknown_names_are_refused()
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        Wire.EcsPropertiesOverride Overrides(params string[] names) => new()
        {
            TaskProperties =
                [new() { Containers = [.. names.Select(n => new Wire.TaskContainerOverrides { Name = n, Command = [$"of {n}"] })] }],
        };

        var id = Submit(r => r with { EcsPropertiesOverride = Overrides("side", "side") });

        _emulation.Job(id).Specification.Task!.Containers![1].Command.Should().Equal("of side");
        this.Invoking(t => t.Submit(r => r with { EcsPropertiesOverride = Overrides("nobody") })).Should().Throw<ClientException>();
    }

    [Fact]
    public void Memory_beyond_every_machine_is_a_refusal_on_fargate()
    {
        var huge = Main.Replace("128", "2147483647") + "," + Side.Replace("64", "2147483647");
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "m", Type = "container", PlatformCapabilities = ["FARGATE"] },
            """{"ecsProperties":{"taskProperties":[{"executionRoleArn":"arn:aws:iam::123456789012:role/r","containers":[ALL]}]}}""".Replace("ALL", huge));

        var register = () => _emulation.Call(Wire.Operations.RegisterJobDefinition, request);

        register.Should().Throw<ClientException>().WithMessage("Fargate resource requirements (3.00 vCPU, 4294967294 MiB) not valid.");
    }

    [Theory]
    [InlineData(0, 143, JobStatus.Succeeded, 0)]
    [InlineData(0, 1, JobStatus.Succeeded, 0)]
    [InlineData(3, 0, JobStatus.Failed, 3)]
    public void Essential_containers_determine_the_outcome(int main, int side, JobStatus status, int exitCode)
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptExited([new ContainerEnd("main", main), new ContainerEnd("side", side)]));

        _emulation.Job(id).Status.Should().Be(status);
        _emulation.Job(id).Attempts[0].ExitCode.Should().Be(exitCode);
    }

    [Fact]
    [AwsRule("7.4", Evidence.Doc, "multi-container jobs: under the task, the container is empty")]
    public void Describe_shows_results_under_the_task_and_an_empty_container()
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptExited([new ContainerEnd("main", 0), new ContainerEnd("side", 137, "OutOfMemoryError: Container killed due to memory usage")]));

        var detail = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
        detail.Container.Should().Be(new Wire.ContainerDetail());
        detail.Attempts![0].Container.Should().Be(new Wire.AttemptContainerDetail());
        var task = detail.EcsProperties!.TaskProperties![0];
        task.Containers!.Select(c => c.ExitCode).Should().Equal(0, 137);
        task.Containers![1].Reason.Should().StartWith("OutOfMemoryError");
        task.Containers![0].LogStreamName.Should().StartWith("m/main/");
        task.TaskArn.Should().NotBeNull();
        detail.Attempts![0].TaskProperties![0].Containers!.Select(c => c.Name).Should().Equal("main", "side");
    }

    [Fact]
    [AwsRule("7.4", Evidence.Doc, "also of an attempt that could not be started, or was lost")]
    public void Containers_show_the_reason_when_one_of_them_could_not_be_started()
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit();
        _emulation.End(id, new AttemptNotStarted("CannotStartContainerError: x", 127, [new ContainerEnd("main", 127, "CannotStartContainerError: x"), new ContainerEnd("side", 3)]));

        var detail = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
        (detail.StatusReason, detail.StartedAt).Should().Be(("Task failed to start", null));
        detail.Attempts![0].Container.Should().Be(new Wire.AttemptContainerDetail());
        var containers = detail.Attempts[0].TaskProperties![0].Containers!;
        containers.Select(c => (c.Name, c.ExitCode, c.Reason)).Should()
            .Equal(("main", 127, "CannotStartContainerError: x"), ("side", 3, null));
        containers[0].LogStreamName.Should().Contain("/main/", "the task was placed");
        containers[1].LogStreamName.Should().Contain("/side/");
        detail.EcsProperties!.TaskProperties![0].Containers!.Select(c => c.ExitCode).Should().Equal(127, 3);
    }

    [Fact]
    [AwsRule("7.4", Evidence.Doc, "also of an attempt that could not be started, or was lost")]
    public void Containers_of_a_lost_host_are_shown_without_results()
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptHostLost());

        var attempt = JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).Attempts![0];
        attempt.Container.Should().Be(new Wire.AttemptContainerDetail());
        attempt.TaskProperties![0].Containers!.Select(c => (c.Name, c.ExitCode)).Should().Equal(("main", null), ("side", null));
        var taskId = attempt.TaskProperties[0].TaskArn!.Split('/')[^1];
        attempt.TaskProperties[0].Containers!.Select(c => c.LogStreamName).Should().Equal($"m/main/{taskId}", $"m/side/{taskId}");
    }

    [Theory]
    [AwsRule("7.1", Evidence.Doc, "containers that others wait for run while the job is STARTING")]
    [InlineData(null, 1, false, JobStatus.Failed)]
    [InlineData(0, null, true, JobStatus.Succeeded)]
    [InlineData(0, 5, true, JobStatus.Succeeded)]
    [InlineData(2, 0, true, JobStatus.Failed)]
    [InlineData(2, null, true, JobStatus.Failed)]
    public void Job_has_run_when_its_essential_containers_have(int? main, int? side, bool hasRun, JobStatus status)
    {
        Define($$"""{"containers":[{{Main}},{{Side}}]}""");
        var id = Submit();

        _emulation.End(id, new AttemptExited([new ContainerEnd("main", main), new ContainerEnd("side", side)]));

        _emulation.Job(id).Status.Should().Be(status);
        (_emulation.Job(id).StartedAt is not null).Should().Be(hasRun);
        _emulation.StatusesOf(id).Contains(JobStatus.Running).Should().Be(hasRun);
    }

    /// <summary>
    /// The first essential container to succeed makes the job succeed, whatever happens to the others; also if one of them never started.
    /// </summary>
    [Fact]
    [AwsRule("7.1", Evidence.Doc, "containers that others wait for run while the job is STARTING")]
    public void Job_succeeds_before_all_essential_containers_have_started()
    {
        Define($$"""{"containers":[{{Main}},{{Side}},{"name":"late","image":"i","dependsOn":[{"containerName":"side","condition":"COMPLETE"}],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}]}]}""");
        var id = Submit();

        _emulation.End(id, new AttemptExited([new ContainerEnd("main", 0), new ContainerEnd("side", 5), new ContainerEnd("late", null)]));

        _emulation.StatusesOf(id).Should().EndWith([JobStatus.Running, JobStatus.Succeeded]);
    }

    [Theory]
    [InlineData("VCPU", "64", "Fargate resource requirements (64.00 vCPU, 2048 MiB) not valid.")]
    [AwsRule("6.2", Evidence.Live, "a GPU on Fargate, bare", "GPU is not applicable for Fargate.")]
    [InlineData("GPU", "1", "GPU is not applicable for Fargate.")]
    public void Overrides_that_fargate_does_not_have_are_refused(string type, string value, string text)
    {
        _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Fargate());
        _emulation.Advance(Resources.Settling.Duration);
        _emulation.Queue("serverless", 1, "fargate");
        _emulation.Call(Wire.Operations.RegisterJobDefinition, Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "f", Type = "container", PlatformCapabilities = ["FARGATE"] },
            """
            {"ecsProperties":{"taskProperties":[{"executionRoleArn":"arn:aws:iam::123456789012:role/r","containers":[{"name":"a","image":"i",
            "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"2048"}]}]}]}}
            """));

        var submit = () => _emulation.Submit(with: r => r with
        {
            JobQueue = "serverless",
            JobDefinition = "f",
            EcsPropertiesOverride = new() { TaskProperties = [new() { Containers = [new() { Name = "a", ResourceRequirements = [new() { Type = type, Value = value }] }] }] },
        });

        submit.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => !e.IsWrapped && e.Message == text);
    }

    private void Define(string task)
    {
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "m", Type = "container" }, """{"ecsProperties":{"taskProperties":[TASK]}}""".Replace("TASK", task));
        _emulation.Call(Wire.Operations.RegisterJobDefinition, request);
    }

    private string Submit(Func<Wire.SubmitJobRequest, Wire.SubmitJobRequest>? with = null) =>
        _emulation.Submit(with: r => (with is null ? r : with(r)) with { JobDefinition = "m" });
}
