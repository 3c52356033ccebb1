using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Operations;

namespace BatchEmulator.Core.Tests.JobDefinitions;

/// <summary>Sections 5.1 to 5.4 and 1.3 of the behaviour reference.</summary>
public sealed class JobDefinitionTests
{
    private readonly Emulation _emulation = new();

    [Theory]
    [InlineData("""{"jobDefinitionName":"a.b"}""", "Job definition name should match a valid pattern.")]
    [InlineData("""{"containerProperties":null}""", "ECS Container Image must be provided.")]
    [InlineData("""{"containerProperties":{"image":null}}""", "ECS Container Image must be provided.")]
    [InlineData("""{"ecsProperties":{"taskProperties":[]}}""", "Cannot use both ECS containerProperties and ecsProperties")]
    [InlineData("""{"eksProperties":{}}""", "Cannot use both ECS containerProperties and eksProperties")]
    [InlineData("""{"type":"multinode"}""", "Node properties of multinode job is required.")]
    [InlineData("""{"platformCapabilities":["EC2","FARGATE"]}""", "Exactly 1 capability must be provided.")]
    [InlineData("""{"platformCapabilities":["LAMBDA"]}""", "Capability LAMBDA is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]")]
    [InlineData("""{"schedulingPriority":10000}""", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"timeout":{"attemptDurationSeconds":59}}""", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"retryStrategy":{}}""", "RetryAttempts must be provided with retry strategy.")]
    [InlineData("""{"retryStrategy":{"attempts":11}}""", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit"}]}}""", "EvaluateOnExit should contain at least one of onExitCode, onReason or onStatusReason")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{"action":"exit","onExitCode":"1a"}]}}""", "Evaluate on exit condition contains restricted characters.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"MEMORY","value":"128"}]}}""", "vCPU is required.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"1"}]}}""", "Memory is required.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"0"},{"type":"MEMORY","value":"128"}]}}""", "vCPU must be at least 1, got 0.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"3"}]}}""", "Memory must be at least 4 Mib, got 3 Mib.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"1.0"},{"type":"MEMORY","value":"128"}]}}""", "Value 1.0 for type VCPU in resourceRequirement is not valid. Please provide a numeric value.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"},{"type":"GPU","value":"1.5"}]}}""", "Value 1.5 for type GPU in resourceRequirement is not valid. Please provide a numeric value.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"VCPU","value":"2"}]}}""", "Cannot provide duplicates in resourceRequirements.")]
    [InlineData("""{"containerProperties":{"vcpus":1}}""", "Cannot use both ECS containerProperties vcpus and resourceRequirement VCPU.")]
    [InlineData("""{"containerProperties":{"memory":1}}""", "Cannot use both ECS containerProperties memory and resourceRequirement MEMORY.")]
    [InlineData("""{"containerProperties":{"environment":[{"value":"x"}]}}""", "Environment variable name is required.")]
    [InlineData("""{"containerProperties":{"runtimePlatform":{}}}""", "runtimePlatform is not applicable for EC2.")]
    [InlineData("""{"containerProperties":{"fargatePlatformConfiguration":{}}}""", "fargatePlatformConfiguration not applicable for EC2.")]
    [InlineData("""{"containerProperties":{"networkConfiguration":{}}}""", "networkConfiguration not applicable for EC2.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"swappiness":101}}}""", "Invalid swappiness: 101, must be between 0 and 100.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"maxSwap":-1}}}""", "Invalid swap memory size: -1, must be non-negative.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"maxSwap":1}}}""", "When container specified swap memory, swappiness value is required.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"tmpfs":[{"containerPath":"/t"}]}}}""", "Size of a tmpfs is invalid. The size is required and must be a positive integer.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"devices":[{"hostPath":"/dev/x","permissions":["EXECUTE"]}]}}}""", "Invalid permission: EXECUTE for device /dev/x")]
    [InlineData("""{"containerProperties":{"logConfiguration":{"logDriver":"awslogs","options":{"color":"blue"}}}}""", "Log driver awslogs disallows options: color")]
    [InlineData("""{"containerProperties":{"secrets":[{"name":"S","valueFrom":"arn"}]}}""", "executionRoleArn cannot be empty when using secrets or secretOptions")]
    [InlineData("""{"containerProperties":{"volumes":[{"host":{},"efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}]}}""", "When the volume parameter is specified, only one volume configuration type should be used.")]
    [InlineData("""{"containerProperties":{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"efs"}}]}}""", "EFS configuration fileSystemId is not valid: efs.")]
    [InlineData("""{"containerProperties":{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","authorizationConfig":{"iam":"ENABLED"}}}]}}""", "EFS IAM authorization requires TransitEncryption to be enabled.")]
    [InlineData("""{"containerProperties":{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","authorizationConfig":{"accessPointId":"fsap-1"}}}]}}""", "EFS IAM access point requires TransitEncryption to be enabled.")]
    [InlineData("""{"containerProperties":{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryption":"ENABLED","rootDirectory":"/x","authorizationConfig":{"accessPointId":"fsap-1"}}}]}}""", "When using an EFS access point, the root directory must either be set to \"/\" or omitted")]
    [InlineData("""{"containerProperties":{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryptionPort":70000}}]}}""", "TransitEncryptionPort must be a valid port number.")]
    [InlineData("""{"containerProperties":{"volumes":[{"s3filesVolumeConfiguration":{"fileSystemArn":"arn"}}]}}""", "A jobRoleArn/taskRoleArn is required when using s3filesVolumeConfiguration.")]
    [InlineData("""{"containerProperties":{"user":"Not Valid"}}""", "User 'Not Valid' does not match regex ^([a-z0-9_][a-z0-9_-]{0,30})$")]
    public void Register_refuses_in_the_words_of_aws(string change, string text) => Refused(Requests.Definition(), change, text);

    [Theory]
    [InlineData("""{"containerProperties":{"executionRoleArn":null}}""", "executionRoleArn is required for Fargate jobs.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"4096"}]}}""", "Fargate resource requirements (0.25 vCPU, 4096 MiB) not valid.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"3"},{"type":"MEMORY","value":"8192"}]}}""", "Fargate resource requirements (3.0 vCPU, 8192 MiB) not valid.")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"8"},{"type":"MEMORY","value":"17408"}]}}""", "Fargate resource requirements (8.0 vCPU, 17408 MiB) not valid.")]
    [InlineData("""{"containerProperties":{"ulimits":[{"name":"nofile","softLimit":1,"hardLimit":1}]}}""", "ulimits is not applicable for Fargate.")]
    [InlineData("""{"containerProperties":{"privileged":true}}""", "Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.")]
    [InlineData("""{"containerProperties":{"linuxParameters":{"sharedMemorySize":1}}}""", "linuxParameter.sharedMemorySize is not allowed for Fargate.")]
    [InlineData("""{"containerProperties":{"volumes":[{"host":{"sourcePath":"/x"}}]}}""", "host.sourcePath should not be set for volumes in Fargate.")]
    [InlineData("""{"containerProperties":{"logConfiguration":{"logDriver":"syslog"}}}""", "Log driver for Fargate is not valid: syslog")]
    [InlineData("""{"containerProperties":{"fargatePlatformConfiguration":{"platformVersion":"1.3.0"},"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}]}}""", "EFS is supported for Fargate platform versions 1.4.0 or later, provided 1.3.0")]
    [InlineData("""{"containerProperties":{"ephemeralStorage":{"sizeInGiB":20}}}""", "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB")]
    [InlineData("""{"containerProperties":{"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE","cpuArchitecture":"ARM64"}}}""", "Windows supported only by X86_64 cpuArchitecture")]
    [InlineData("""{"containerProperties":{"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"},{"type":"GPU","value":"1"}]}}""", "GPU is not applicable for Fargate.")]
    public void Register_refuses_what_fargate_does_not_have(string change, string text) => Refused(Fargate(), change, text);

    [Theory]
    [InlineData("0.25", "512")]
    [InlineData("0.25", "2048")]
    [InlineData("0.5", "4096")]
    [InlineData("1", "8192")]
    [InlineData("4", "30720")]
    [InlineData("8", "20480")]
    [InlineData("16", "122880")]
    public void Every_size_of_the_fargate_table_is_accepted(string vcpus, string memory) =>
        Register(Fargate() with { ContainerProperties = Fargate().ContainerProperties! with { ResourceRequirements = Requests.Container(vcpus, memory).ResourceRequirements } });

    [Fact]
    public void Revisions_count_up_and_are_never_reused()
    {
        Register(Requests.Definition()).Revision.Should().Be(1);
        Register(Requests.Definition()).Revision.Should().Be(2);
        Deregister("d:1");
        Deregister("d:2");

        Register(Requests.Definition()).Revision.Should().Be(3);
    }

    [Fact]
    public void Submission_by_name_takes_the_latest_active_revision()
    {
        _emulation.Ready();
        _emulation.Define();
        _emulation.Define();
        Deregister("d:3");

        _emulation.Job(_emulation.Submit()).Specification.JobDefinitionArn.Should().EndWith("/d:2");
        _emulation.Invoking(e => e.Submit(with: r => r with { JobDefinition = "d:3" })).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => !e.IsWrapped && e.Message == "JobDefinition name d does not exist or is not in ACTIVE status");
    }

    [Fact]
    public void Deregistering_an_unknown_revision_is_no_error() => Deregister("nope:9");

    [Fact]
    public void Echo_fills_lists_and_leaves_scalars_absent()
    {
        var echoed = JobDefinitionEcho.Of(Requests.Definition() with
        {
            RetryStrategy = new() { Attempts = 2 },
            ContainerProperties = Requests.Container() with { Command = null, LinuxParameters = new() { Devices = [new() { HostPath = "/dev/x" }] }, LogConfiguration = new() { LogDriver = "awslogs" } },
        });

        var container = echoed.ContainerProperties!;
        new object?[] { container.Command, container.Volumes, container.Environment, container.MountPoints, container.Ulimits, container.Secrets }
            .Should().AllBeAssignableTo<System.Collections.IEnumerable>().And.NotContainNulls();
        container.Vcpus.Should().BeNull();
        container.User.Should().BeNull();
        container.LinuxParameters!.Tmpfs.Should().BeEmpty();
        container.LinuxParameters.Devices![0].Permissions.Should().BeEmpty();
        container.LogConfiguration!.Options.Should().BeEmpty();
        container.LogConfiguration.SecretOptions.Should().BeEmpty();
        echoed.RetryStrategy!.EvaluateOnExit.Should().BeEmpty();
        echoed.Parameters.Should().BeEmpty();
        echoed.ContainerOrchestrationType.Should().Be("ECS");
        echoed.Timeout.Should().BeNull();
        echoed.PlatformCapabilities.Should().BeNull();
    }

    [Fact]
    public void Fargate_definition_shows_the_latest_platform_version() =>
        JobDefinitionEcho.Of(Fargate()).ContainerProperties!.FargatePlatformConfiguration!.PlatformVersion.Should().Be("LATEST");

    [Fact]
    public void Environment_entries_without_a_value_are_dropped() =>
        ContainerEcho.EnvironmentOf([new() { Name = "A", Value = "" }, new() { Name = "B", Value = "b" }]).Should().ContainSingle();

    private static Wire.RegisterJobDefinitionRequest Fargate() => Requests.Definition() with
    {
        PlatformCapabilities = ["FARGATE"],
        ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" },
    };

    private void Refused(Wire.RegisterJobDefinitionRequest request, string change, string text) =>
        this.Invoking(t => t.Register(Json.Patched(request, change))).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);

    private Wire.RegisterJobDefinitionResponse Register(Wire.RegisterJobDefinitionRequest request) =>
        _emulation.Do(turn => RegisterJobDefinition.Decide(turn, Emulation.Scope, request));

    private void Deregister(string reference) =>
        _emulation.Do(turn => DeregisterJobDefinition.Decide(turn, Emulation.Scope, new() { JobDefinition = reference }));
}
