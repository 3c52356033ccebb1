namespace BatchEmulator.Core.Tests.JobDefinitions;

/// <summary>Container properties (docs/aws-behaviour.md, section 5.4).</summary>
[Trait("Section", "5.4")]
public sealed class ContainerRulesTests
{
    private const string Vcpu = """{"type":"VCPU","value":"1"}""";
    private const string Memory = """{"type":"MEMORY","value":"128"}""";
    private readonly Emulation _emulation = new();

    [Theory]
    [AwsRule("5.4", Evidence.Live, "no vCPU", "vCPU is required.")]
    [InlineData("""{"resourceRequirements":[MEMORY]}""", "vCPU is required.")]
    [AwsRule("5.4", Evidence.Infer, "no memory", "Memory is required.")]
    [InlineData("""{"resourceRequirements":[VCPU]}""", "Memory is required.")]
    [AwsRule("5.4", Evidence.Live, "EC2, vCPU below 1", "vCPU must be at least 1, got <n>.")]
    [InlineData("""{"resourceRequirements":[{"type":"VCPU","value":"0"},MEMORY]}""", "vCPU must be at least 1, got 0.")]
    [InlineData("""{"resourceRequirements":[MEMORY],"vcpus":0}""", "vCPU must be at least 1, got 0.")]
    [AwsRule("5.4", Evidence.Live, "memory below 4", "Memory must be at least 4 Mib, got <n> Mib.")]
    [InlineData("""{"resourceRequirements":[VCPU,{"type":"MEMORY","value":"3"}]}""", "Memory must be at least 4 Mib, got 3 Mib.")]
    [InlineData("""{"resourceRequirements":[VCPU],"memory":3}""", "Memory must be at least 4 Mib, got 3 Mib.")]
    [AwsRule("5.4", Evidence.Live, "EC2, not a whole number",
        "Value <v> for type <t> in resourceRequirement is not valid. Please provide a numeric value.")]
    [InlineData("""{"resourceRequirements":[{"type":"VCPU","value":"1.0"},MEMORY]}""", "Value 1.0 for type VCPU in resourceRequirement is not valid. Please provide a numeric value.")]
    [InlineData("""{"resourceRequirements":[VCPU,MEMORY,{"type":"GPU","value":"1.0"}]}""", "Value 1.0 for type GPU in resourceRequirement is not valid. Please provide a numeric value.")]
    [AwsRule("5.4", Evidence.Live, "a type twice", "Cannot provide duplicates in resourceRequirements.")]
    [InlineData("""{"resourceRequirements":[VCPU,VCPU]}""", "Cannot provide duplicates in resourceRequirements.")]
    [AwsRule("5.4", Evidence.Live, "vCPUs in both ways", "Cannot use both ECS containerProperties vcpus and resourceRequirement VCPU.")]
    [InlineData("""{"vcpus":1}""", "Cannot use both ECS containerProperties vcpus and resourceRequirement VCPU.")]
    [AwsRule("5.4", Evidence.Live, "memory in both ways", "Cannot use both ECS containerProperties memory and resourceRequirement MEMORY.")]
    [InlineData("""{"memory":1}""", "Cannot use both ECS containerProperties memory and resourceRequirement MEMORY.")]
    [AwsRule("5.4", Evidence.Live, "variable without a name", "Environment variable name is required.")]
    [InlineData("""{"environment":[{"value":"x"}]}""", "Environment variable name is required.")]
    [AwsRule("5.4", Evidence.Live, "EC2, runtimePlatform", "runtimePlatform is not applicable for EC2.")]
    [InlineData("""{"runtimePlatform":{"cpuArchitecture":"ARM64"}}""", "runtimePlatform is not applicable for EC2.")]
    [AwsRule("5.4", Evidence.Live, "EC2, fargatePlatformConfiguration", "fargatePlatformConfiguration not applicable for EC2.")]
    [InlineData("""{"fargatePlatformConfiguration":{"platformVersion":"LATEST"}}""", "fargatePlatformConfiguration not applicable for EC2.")]
    [AwsRule("5.4", Evidence.Live, "EC2, networkConfiguration", "networkConfiguration not applicable for EC2.")]
    [InlineData("""{"networkConfiguration":{"assignPublicIp":"ENABLED"}}""", "networkConfiguration not applicable for EC2.")]
    [AwsRule("5.4", Evidence.Live, "swappiness not 0 to 100", "Invalid swappiness: <n>, must be between 0 and 100.")]
    [InlineData("""{"linuxParameters":{"swappiness":-1}}""", "Invalid swappiness: -1, must be between 0 and 100.")]
    [InlineData("""{"linuxParameters":{"swappiness":101}}""", "Invalid swappiness: 101, must be between 0 and 100.")]
    [AwsRule("5.4", Evidence.Live, "maxSwap below 0", "Invalid swap memory size: <n>, must be non-negative.")]
    [InlineData("""{"linuxParameters":{"maxSwap":-1}}""", "Invalid swap memory size: -1, must be non-negative.")]
    [AwsRule("5.4", Evidence.Live, "maxSwap without swappiness", "When container specified swap memory, swappiness value is required.")]
    [InlineData("""{"linuxParameters":{"maxSwap":1}}""", "When container specified swap memory, swappiness value is required.")]
    [AwsRule("5.4", Evidence.Live, "size of a tmpfs", "Size of a tmpfs is invalid. The size is required and must be a positive integer.")]
    [InlineData("""{"linuxParameters":{"tmpfs":[{"containerPath":"/t"}]}}""", "Size of a tmpfs is invalid. The size is required and must be a positive integer.")]
    [InlineData("""{"linuxParameters":{"tmpfs":[{"containerPath":"/t","size":0}]}}""", "Size of a tmpfs is invalid. The size is required and must be a positive integer.")]
    [AwsRule("5.4", Evidence.Live, "permission of a device", "Invalid permission: <p> for device <hostPath>")]
    [InlineData("""{"linuxParameters":{"devices":[{"hostPath":"/dev/x","permissions":["EXECUTE"]}]}}""", "Invalid permission: EXECUTE for device /dev/x")]
    [AwsRule("5.4", Evidence.Live, "option of awslogs", "Log driver awslogs disallows options: <name>")]
    [InlineData("""{"logConfiguration":{"logDriver":"awslogs","options":{"color":"blue"}}}""", "Log driver awslogs disallows options: color")]
    [InlineData("""{"executionRoleArn":"arn:aws:iam::123456789012:role/r","secrets":[{"name":"A=B","valueFrom":"arn"}]}""", "Environment variable A=B is not valid.")]
    [InlineData("""{"executionRoleArn":"arn:aws:iam::123456789012:role/r","secrets":[{"name":"","valueFrom":"arn"}]}""", "Environment variable  is not valid.")]
    [AwsRule("5.4", Evidence.Live, "an execution role that is no role ARN", "executionRoleArn <value> is not an iam role arn")]
    [InlineData("""{"executionRoleArn":"${ExecutionRole}"}""", "executionRoleArn ${ExecutionRole} is not an iam role arn")]
    [AwsRule("5.4", Evidence.Live, "secrets or secretOptions without an execution role",
        "executionRoleArn cannot be empty when using secrets or secretOptions")]
    [InlineData("""{"secrets":[{"name":"S","valueFrom":"arn"}]}""", "executionRoleArn cannot be empty when using secrets or secretOptions")]
    [InlineData("""{"logConfiguration":{"logDriver":"splunk","secretOptions":[{"name":"S","valueFrom":"arn"}]}}""", "executionRoleArn cannot be empty when using secrets or secretOptions")]
    [AwsRule("5.4", Evidence.Live, "volume with two configurations",
        "When the volume parameter is specified, only one volume configuration type should be used.")]
    [InlineData("""{"volumes":[{"host":{"sourcePath":"/x"},"efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}]}""", "When the volume parameter is specified, only one volume configuration type should be used.")]
    [AwsRule("5.4", Evidence.Live, "EFS id", "EFS configuration fileSystemId is not valid: <id>.")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"efs"}}]}""", "EFS configuration fileSystemId is not valid: efs.")]
    [AwsRule("5.4", Evidence.Live, "EFS, iam without encryption", "EFS IAM authorization requires TransitEncryption to be enabled.")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","authorizationConfig":{"iam":"ENABLED"}}}]}""", "EFS IAM authorization requires TransitEncryption to be enabled.")]
    [AwsRule("5.4", Evidence.Live, "EFS, access point without encryption",
        "EFS IAM access point requires TransitEncryption to be enabled.")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","authorizationConfig":{"accessPointId":"fsap-1"}}}]}""", "EFS IAM access point requires TransitEncryption to be enabled.")]
    [AwsRule("5.4", Evidence.Live, "EFS, access point and root directory",
        "When using an EFS access point, the root directory must either be set to \"/\" or omitted")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryption":"ENABLED","rootDirectory":"/x","authorizationConfig":{"accessPointId":"fsap-1"}}}]}""", "When using an EFS access point, the root directory must either be set to \"/\" or omitted")]
    [AwsRule("5.4", Evidence.Live, "EFS port", "TransitEncryptionPort must be a valid port number.")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryptionPort":0}}]}""", "TransitEncryptionPort must be a valid port number.")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryptionPort":65536}}]}""", "TransitEncryptionPort must be a valid port number.")]
    [AwsRule("5.4", Evidence.Live, "S3 Files without a job role",
        "A jobRoleArn/taskRoleArn is required when using s3filesVolumeConfiguration.")]
    [InlineData("""{"volumes":[{"s3filesVolumeConfiguration":{"fileSystemArn":"arn"}}]}""", "A jobRoleArn/taskRoleArn is required when using s3filesVolumeConfiguration.")]
    [AwsRule("5.4", Evidence.Live, "user", "User '<value>' does not match regex ^([a-z0-9_][a-z0-9_-]{0,30})$")]
    [InlineData("""{"user":"Not Valid"}""", "User 'Not Valid' does not match regex ^([a-z0-9_][a-z0-9_-]{0,30})$")]
    public void Register_refuses_in_the_words_of_aws(string change, string text) => Refuses(Requests.Definition(), change, text);

    [Theory]
    [AwsRule("5.4", Evidence.Live, "Fargate, no execution role", "executionRoleArn is required for Fargate jobs.")]
    [InlineData("""{"executionRoleArn":null}""", "executionRoleArn is required for Fargate jobs.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, GPU", "GPU is not applicable for Fargate.")]
    [InlineData("""{"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"512"},{"type":"GPU","value":"1"}]}""", "GPU is not applicable for Fargate.")]
    [AwsRule("5.4", Evidence.Infer, "Fargate, deprecated vcpus", "vcpus is not applicable for Fargate. Use resource requirements instead.")]
    [InlineData("""{"vcpus":1,"resourceRequirements":[{"type":"MEMORY","value":"2048"}]}""", "vcpus is not applicable for Fargate. Use resource requirements instead.")]
    [AwsRule("5.4", Evidence.Infer, "Fargate, deprecated memory",
        "memory is not applicable for Fargate. Use resource requirements instead.")]
    [InlineData("""{"memory":512,"resourceRequirements":[{"type":"VCPU","value":"0.25"}]}""", "memory is not applicable for Fargate. Use resource requirements instead.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, ulimits", "ulimits is not applicable for Fargate.")]
    [InlineData("""{"ulimits":[{"name":"nofile","softLimit":1,"hardLimit":1}]}""", "ulimits is not applicable for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, privileged",
        "Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.")]
    [InlineData("""{"privileged":true}""", "Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, devices", "linuxParameter.devices is not allowed for Fargate.")]
    [InlineData("""{"linuxParameters":{"devices":[{"hostPath":"/dev/x"}]}}""", "linuxParameter.devices is not allowed for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, sharedMemorySize", "linuxParameter.sharedMemorySize is not allowed for Fargate.")]
    [InlineData("""{"linuxParameters":{"sharedMemorySize":1}}""", "linuxParameter.sharedMemorySize is not allowed for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, tmpfs", "linuxParameter.tmpfs is not allowed for Fargate.")]
    [InlineData("""{"linuxParameters":{"tmpfs":[{"containerPath":"/t","size":1}]}}""", "linuxParameter.tmpfs is not allowed for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, maxSwap", "linuxParameter.maxSwap is not allowed for Fargate.")]
    [InlineData("""{"linuxParameters":{"maxSwap":1,"swappiness":1}}""", "linuxParameter.maxSwap is not allowed for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, swappiness", "linuxParameter.swappiness is not allowed for Fargate.")]
    [InlineData("""{"linuxParameters":{"swappiness":1}}""", "linuxParameter.swappiness is not allowed for Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, folder of the host", "host.sourcePath should not be set for volumes in Fargate.")]
    [InlineData("""{"volumes":[{"host":{"sourcePath":"/x"}}]}""", "host.sourcePath should not be set for volumes in Fargate.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, log driver", "Log driver for Fargate is not valid: <driver>")]
    [InlineData("""{"logConfiguration":{"logDriver":"syslog"}}""", "Log driver for Fargate is not valid: syslog")]
    [AwsRule("5.4", Evidence.Live, "Fargate, EFS before 1.4.0",
        "EFS is supported for Fargate platform versions 1.4.0 or later, provided <v>")]
    [InlineData("""{"fargatePlatformConfiguration":{"platformVersion":"1.0.0"},"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}]}""", "EFS is supported for Fargate platform versions 1.4.0 or later, provided 1.0.0")]
    [InlineData("""{"fargatePlatformConfiguration":{"platformVersion":"1.3.0"},"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678"}}]}""", "EFS is supported for Fargate platform versions 1.4.0 or later, provided 1.3.0")]
    [AwsRule("5.4", Evidence.Live, "Fargate, ephemeral storage",
        "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB")]
    [InlineData("""{"ephemeralStorage":{"sizeInGiB":20}}""", "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB")]
    [InlineData("""{"ephemeralStorage":{"sizeInGiB":201}}""", "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB")]
    [AwsRule("5.4", Evidence.Live, "Fargate, Windows on ARM64", "Windows supported only by X86_64 cpuArchitecture")]
    [InlineData("""{"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE","cpuArchitecture":"ARM64"}}""", "Windows supported only by X86_64 cpuArchitecture")]
    [AwsRule("5.4", Evidence.Live, "Fargate, Windows below 1 vCPU", "vCPU must be at least 1 for Windows Job definition, got <n>.")]
    [InlineData("""{"runtimePlatform":{"operatingSystemFamily":"WINDOWS_SERVER_2022_CORE"}}""", "vCPU must be at least 1 for Windows Job definition, got 0.25.")]
    [AwsRule("5.4", Evidence.Live, "Fargate, operating system",
        "RuntimePlatform supports only one from [WINDOWS_SERVER_2019_CORE, WINDOWS_SERVER_2019_FULL, " +
        "WINDOWS_SERVER_2022_CORE, WINDOWS_SERVER_2022_FULL, LINUX] operating systems, provided <f>")]
    [InlineData("""{"runtimePlatform":{"operatingSystemFamily":"BEOS"}}""", "RuntimePlatform supports only one from [WINDOWS_SERVER_2019_CORE, WINDOWS_SERVER_2019_FULL, WINDOWS_SERVER_2022_CORE, WINDOWS_SERVER_2022_FULL, LINUX] operating systems, provided BEOS")]
    [AwsRule("5.4", Evidence.Live, "Fargate, processor", "cpuArchitecture for Fargate LINUX tasks can be only one from [X86_64, ARM64].")]
    [InlineData("""{"runtimePlatform":{"cpuArchitecture":"arm64"}}""", "cpuArchitecture for Fargate LINUX tasks can be only one from [X86_64, ARM64].")]
    [InlineData("""{"runtimePlatform":{"operatingSystemFamily":"LINUX","cpuArchitecture":"RISCV"}}""", "cpuArchitecture for Fargate LINUX tasks can be only one from [X86_64, ARM64].")]
    public void Register_refuses_members_that_fargate_lacks(string change, string text) => Refuses(Fargate("0.25", "512"), change, text);

    [Theory]
    [AwsRule("5.4", Evidence.Open, "variable beginning with AWS_BATCH")]
    [InlineData("""{"environment":[{"name":"AWS_BATCH_X","value":"x"}]}""", "AWS_BATCH_X")]
    [InlineData("""{"environment":[{"name":"AWS_BATCH","value":"x"}]}""", "AWS_BATCH")]
    public void Variables_of_aws_batch_are_reserved(string change, string name) =>
        Refuses(Requests.Definition(), change, OpenTexts.ReservedVariable(name));

    [Theory]
    [AwsRule("5.4", Evidence.Live, "Fargate, sizes outside of the table (DOC)",
        "Fargate resource requirements (<v> vCPU, <m> MiB) not valid.")]
    [InlineData("0.25", "Fargate resource requirements (0.25 vCPU, MEMORY MiB) not valid.", 512, 1024, 2048)]
    [InlineData("0.5", "Fargate resource requirements (0.50 vCPU, MEMORY MiB) not valid.", 1024, 2048, 3072, 4096)]
    [InlineData("1", "Fargate resource requirements (1.00 vCPU, MEMORY MiB) not valid.", 2048, 3072, 4096, 5120, 6144, 7168, 8192)]
    [InlineData("2", "Fargate resource requirements (2.00 vCPU, MEMORY MiB) not valid.", 4096, 5120, 6144, 7168, 8192, 9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384)]
    [InlineData("4", "Fargate resource requirements (4.00 vCPU, MEMORY MiB) not valid.", 8192, 9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384, 17408, 18432, 19456, 20480, 21504, 22528, 23552, 24576, 25600, 26624, 27648, 28672, 29696, 30720)]
    [InlineData("8", "Fargate resource requirements (8.00 vCPU, MEMORY MiB) not valid.", 16384, 20480, 24576, 28672, 32768, 36864, 40960, 45056, 49152, 53248, 57344, 61440)]
    [InlineData("16", "Fargate resource requirements (16.00 vCPU, MEMORY MiB) not valid.", 32768, 40960, 49152, 57344, 65536, 73728, 81920, 90112, 98304, 106496, 114688, 122880)]
    [InlineData("3", "Fargate resource requirements (3.00 vCPU, MEMORY MiB) not valid.")]
    public void Fargate_has_a_table_of_sizes(string vcpus, string text, params int[] sizes)
    {
        var asked = Enumerable.Range(1, 251).Select(step => step * 512).Append(6).Append(1000).ToList();

        asked.Select(memory => Refusal(Fargate(vcpus, $"{memory}"))).Should().Equal(
            asked.Select(memory => sizes.Contains(memory) ? null : text.Replace("MEMORY", $"{memory}")));
    }

    [Theory]
    [AwsRule("5.4", Evidence.Infer, "what lies within the limits is accepted")]
    [InlineData("""{"linuxParameters":{"maxSwap":0,"swappiness":0,"tmpfs":[{"containerPath":"/t","size":1}],"devices":[{"hostPath":"/dev/x","permissions":["READ","write","MKNOD"]}]}}""")]
    [InlineData("""{"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"g","awslogs-stream-prefix":"p","awslogs-region":"r"}}}""")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"fs-12345678","transitEncryption":"ENABLED","rootDirectory":"/","transitEncryptionPort":65535,"authorizationConfig":{"accessPointId":"fsap-1","iam":"ENABLED"}}}]}""")]
    [InlineData("""{"user":"1000"}""")]
    [InlineData("""{"resourceRequirements":[MEMORY],"vcpus":1}""")]
    public void Register_accepts_values_within_the_limits(string change) =>
        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, Patched(Requests.Definition(), change))).Should().NotThrow();

    [Theory]
    [AwsRule("5.4", Evidence.Doc, "the six forms of user, group, uid and gid")]
    [InlineData("user")]
    [InlineData("user:group")]
    [InlineData("1000")]
    [InlineData("1000:1000")]
    [InlineData("user:100")]
    [InlineData("1000:group")]
    public void User_may_be_given_with_a_group_and_by_number(string user) => _emulation.Invoking(e => e.Call(
        Wire.Operations.RegisterJobDefinition, Patched(Requests.Definition(), $$"""{"user":"{{user}}"}"""))).Should().NotThrow();

    [Theory]
    [AwsRule("5.4", Evidence.Open, "names of containers and volumes; a NUL in a command")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Names_and_commands_are_refused_where_the_words_of_aws_are_not_known(string name)
    {
        Refuses(Requests.Definition(), $$"""{"volumes":[{"name":"{{name}}"}]}""", OpenTexts.VolumeName);
        Refuses(Requests.Definition(), """{"command":["a\u0000b"]}""", OpenTexts.InvalidCommand);
        Wire.RegisterJobDefinitionRequest Of(string properties) =>
            Json.Patched(
                new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "x", Type = "container" }, properties.Replace("NAME", name));
        Refusal(Of("""{"ecsProperties":{"taskProperties":[{"containers":[{"name":"NAME","image":"i","resourceRequirements":[V,M]}]}]}}""".Replace("V,M", $"{Vcpu},{Memory}")))
            .Should().Be(OpenTexts.ContainerName);
        Refusal(Of("""{"eksProperties":{"podProperties":{"containers":[{"name":"NAME","image":"i","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}}}"""))
            .Should().Be(OpenTexts.ContainerName);
    }

    private static Wire.RegisterJobDefinitionRequest Fargate(string vcpus, string memory) => Requests.Definition() with
    {
        PlatformCapabilities = ["FARGATE"],
        ContainerProperties = Requests.Container(vcpus, memory) with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" },
    };

    private static Wire.RegisterJobDefinitionRequest Patched(Wire.RegisterJobDefinitionRequest request, string container) =>
        Json.Patched(request, """{"containerProperties":CHANGE}""".Replace("CHANGE", container.Replace("VCPU]", Vcpu + "]").Replace("VCPU,", Vcpu + ",").Replace("MEMORY]", Memory + "]").Replace("MEMORY,", Memory + ",")));

    private string? Refusal(Wire.RegisterJobDefinitionRequest request)
    {
        try
        {
            _emulation.Call(Wire.Operations.RegisterJobDefinition, request);
            return null;
        }
        catch (ClientException refusal)
        {
            return refusal.Message;
        }
    }

    private void Refuses(Wire.RegisterJobDefinitionRequest request, string container, string text) =>
        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, Patched(request, container))).Should()
            .Throw<ClientException>()
            .Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
}
