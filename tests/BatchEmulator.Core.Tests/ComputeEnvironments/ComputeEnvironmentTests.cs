using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.ComputeEnvironments;

/// <summary>Compute environments (docs/aws-behaviour.md, section 3).</summary>
public sealed class ComputeEnvironmentTests
{
    private const string InstanceType = "Instance type can only be one of [";
    private readonly Emulation _emulation = new();

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "bad name", """{"computeEnvironmentName":"a b"}""", "Compute Environment name should match a valid pattern." },
        { "no resources", """{"computeResources":null}""", "computeResources must be provided for a MANAGED compute environment" },
        { "unmanaged vcpus", """{"unmanagedvCpus":4}""", "unmanagedvCpus is not applicable for managed Compute Environments" },
        { "unmanaged without role", """{"type":"UNMANAGED","computeResources":null}""", "ServiceRole is required." },
        { "unmanaged with service-linked role", """{"type":"UNMANAGED","computeResources":null,"serviceRole":"arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"}""", "Service Linked Role cannot be used with UNMANAGED Compute Environment" },
        { "unmanaged fargate", """{"type":"UNMANAGED","computeResources":{"type":"FARGATE"}}""", "Cannot create an UNMANAGED Fargate Compute Environment." },
        { "no instance role", """{"computeResources":{"instanceRole":null}}""", "Instance role is required." },
        { "no minvCpus", """{"computeResources":{"minvCpus":null}}""", "Resource minvCpus is required." },
        { "negative minvCpus", """{"computeResources":{"minvCpus":-1}}""", "minvCpus should be greater than or equal to 0." },
        { "maxvCpus below minvCpus", """{"computeResources":{"minvCpus":8,"maxvCpus":4}}""", "maxvCpus should be greater than or equal to minvCpus." },
        { "desiredvCpus out of range", """{"computeResources":{"desiredvCpus":99}}""", "desiredvCpus should be between minvCpus and maxvCpus." },
        { "no instance types", """{"computeResources":{"instanceTypes":[]}}""", "Resource instanceTypes are required." },
        { "unknown instance type", """{"computeResources":{"instanceTypes":["q9.large"]}}""", InstanceType },
        { "mixed architectures", """{"computeResources":{"instanceTypes":["m5.large","m6g.large"]}}""", "arm-based instance type cannot be used with other instance types" },
        { "no security group", """{"computeResources":{"securityGroupIds":null}}""", "Security group ids are required." },
        { "spot without fleet role", """{"computeResources":{"type":"SPOT"}}""", "compute resource spotIamFleetRole is required." },
        { "bid percentage", """{"computeResources":{"bidPercentage":101}}""", "Bid percentage must be between 0 to 100." },
        { "ordered on spot", """{"computeResources":{"type":"SPOT","allocationStrategy":"BEST_FIT_PROGRESSIVE_ORDERED"}}""", "Allocation strategy BEST_FIT_PROGRESSIVE_ORDERED requires compute resource type EC2." },
        { "bundle in an order", """{"computeResources":{"allocationStrategy":"BEST_FIT_PROGRESSIVE_ORDERED"}}""", "Instance type bundles (e.g. optimal, default_x86_64) are not allowed for BEST_FIT_PROGRESSIVE_ORDERED allocation strategy. Specify instance families or types directly." },
        { "spot strategy on EC2", """{"computeResources":{"allocationStrategy":"SPOT_CAPACITY_OPTIMIZED"}}""", "Allocation strategy SPOT_CAPACITY_OPTIMIZED requires compute resource type SPOT." },
        { "launch template without name", """{"computeResources":{"launchTemplate":{}}}""", "One of LaunchTemplateId and LaunchTemplateName or LaunchTemplate.overrides should be provided" },
        { "launch template version", """{"computeResources":{"launchTemplate":{"launchTemplateName":"t","version":"newest"}}}""", "LaunchTemplateVersion must be either empty or a number or $Default or $Latest" },
        { "override without targets", """{"computeResources":{"launchTemplate":{"launchTemplateName":"t","overrides":[{"launchTemplateId":"lt-1"}]}}}""", "LaunchTemplate.overrides.targetInstanceTypes[] is required" },
        { "override id and name", """{"computeResources":{"launchTemplate":{"launchTemplateName":"t","overrides":[{"launchTemplateId":"lt-1","launchTemplateName":"n"}]}}}""", "LaunchTemplate.overrides should have either LaunchTemplateId or LaunchTemplateName" },
        { "image type", """{"computeResources":{"ec2Configuration":[{"imageType":"WINDOWS"}]}}""", "Invalid imageType in ComputeResources.ec2Configuration" },
        { "eks without strategy", """{"eksConfiguration":{"eksClusterArn":"arn:aws:eks:eu-central-1:123456789012:cluster/c","kubernetesNamespace":"ns"}}""", "allocationStrategy is required for EKS Compute Environments." },
        { "reserved tag", """{"tags":{"aws:x":"y"}}""", "Tag keys beginning with aws: are reserved for system use." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Create_refuses_in_the_words_of_aws(string what, string change, string text)
    {
        var request = Json.Patched(Requests.Environment(), change);

        var create = () => _emulation.Call(Wire.Operations.CreateComputeEnvironment, request);

        create.Should().Throw<ClientException>(what).Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message.StartsWith(text));
        _emulation.State.Of<ComputeEnvironment>().Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"computeResources":{"minvCpus":0}}""", "minvCpus is not applicable for Fargate.")]
    [InlineData("""{"computeResources":{"desiredvCpus":0}}""", "desiredvCpus is not applicable for Fargate.")]
    [InlineData("""{"computeResources":{"allocationStrategy":"BEST_FIT"}}""", "allocationStrategy is not applicable for Fargate.")]
    [InlineData("""{"computeResources":{"instanceTypes":["m5"]}}""", "instanceTypes is not applicable for Fargate.")]
    [InlineData("""{"computeResources":{"tags":{"a":"b"}}}""", "tags is not applicable for Fargate.")]
    [InlineData("""{"computeResources":{"securityGroupIds":["1","2","3","4","5","6"]}}""", "Fargate supports a maximum of 5 security groups.")]
    [InlineData("""{"computeResources":{"subnets":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}}""", "Fargate supports a maximum of 16 subnets.")]
    public void Create_refuses_members_that_fargate_lacks(string change, string text)
    {
        var request = Json.Patched(Requests.Fargate(), change);

        var create = () => _emulation.Call(Wire.Operations.CreateComputeEnvironment, request);

        create.Should().Throw<ClientException>().WithMessage(text);
    }

    [Theory]
    [InlineData("default", "kubernetesNamespace cannot be the default Kubernetes namespace")]
    [InlineData("kube-system", "kubernetesNamespace cannot be a reserved Kubernetes system namespace")]
    [InlineData("No_Good", "kubernetesNamespace must be a valid Kubernetes namespace.")]
    public void Create_refuses_namespaces_of_the_system(string name, string text)
    {
        var request = Json.Patched(
            Requests.Environment(),
            """{"computeResources":{"allocationStrategy":"BEST_FIT_PROGRESSIVE"},"eksConfiguration":{"eksClusterArn":"arn:aws:eks:eu-central-1:123456789012:cluster/c","kubernetesNamespace":"NS"}}""".Replace("NS", name));

        var create = () => _emulation.Call(Wire.Operations.CreateComputeEnvironment, request);

        create.Should().Throw<ClientException>().WithMessage(text);
    }

    [Fact]
    public void Environment_is_created_then_valid()
    {
        var arn = _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Environment()).ComputeEnvironmentArn!;
        _emulation.State.Of<ComputeEnvironment>()[arn].Status.Should().Be(ResourceStatus.Creating);
        _emulation.WakeAt.Should().Be(_emulation.Now + Settling.Duration);

        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<ComputeEnvironment>()[arn].Status.Should().Be(ResourceStatus.Valid);
        _emulation.State.Of<ComputeEnvironment>()[arn].StatusReason.Should().Be("ComputeEnvironment Healthy");
    }

    [Fact]
    public void Change_in_progress_outlives_a_restart()
    {
        var arn = _emulation.Call(Wire.Operations.CreateComputeEnvironment, Requests.Environment()).ComputeEnvironmentArn!;
        _emulation.Restart();

        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<ComputeEnvironment>()[arn].Status.Should().Be(ResourceStatus.Valid);
    }

    [Fact]
    public void Describe_shows_the_documented_defaults()
    {
        var shown = _emulation.State.Of<ComputeEnvironment>()[_emulation.Environment()].ToWire(new Dictionary<string, string>());

        shown.State.Should().Be("ENABLED");
        shown.ServiceRole.Should().Be("arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch");
        shown.EcsClusterArn.Should()
            .MatchRegex("^arn:aws:ecs:eu-central-1:123456789012:cluster/AWSBatch-ce-[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-");
        shown.Uuid.Should().MatchRegex("^[0-9a-f]{8}-[0-9a-f]{4}-3");
        shown.ComputeResources!.AllocationStrategy.Should().BeNull("a defaulted strategy is not echoed");
        shown.ComputeResources.DesiredvCpus.Should().Be(0);
        shown.ComputeResources.Ec2Configuration.Should().ContainSingle().Which.ImageType.Should().Be("ECS_AL2023");
        shown.ContainerOrchestrationType.Should().Be("ECS");
        shown.UpdatePolicy.Should().BeNull();
    }

    [Fact]
    public void Same_name_twice_is_refused()
    {
        _emulation.Environment();

        _emulation.Invoking(e => e.Environment()).Should().Throw<ClientException>().WithMessage("*already exists*");
    }

    [Fact]
    public void Creating_disabled_is_refused_only_when_strict()
    {
        _emulation.Environment(with: r => r with { State = "DISABLED" });

        new Emulation(new EngineOptions { Limits = Limits.Strict }).Invoking(e => e.Environment(with: r => r with { State = "DISABLED" }))
            .Should().Throw<ClientException>().WithMessage("Compute Environment must be created in ENABLED state.");
    }

    [Fact]
    public void Update_shows_the_new_state_at_once()
    {
        var arn = _emulation.Environment();

        Update(new() { ComputeEnvironment = "ce", State = "DISABLED", ComputeResources = new() { MaxvCpus = 99 } });

        var environment = _emulation.State.Of<ComputeEnvironment>()[arn];
        environment.Status.Should().Be(ResourceStatus.Updating);
        environment.State.Should().Be(ResourceState.Disabled);
        environment.Specification.ComputeResources!.MaxvCpus.Should().Be(99);
        this.Invoking(t => t.Update(new() { ComputeEnvironment = "ce", State = "ENABLED" })).Should().Throw<ClientException>()
            .WithMessage("*is being modified*");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"computeResources":{},"serviceRole":""}""")]
    [InlineData("""{"updatePolicy":{"terminateJobsOnUpdate":true}}""")]
    public void Update_that_changes_nothing_is_refused(string change)
    {
        _emulation.Environment();

        this.Invoking(t => t.Update(Json.Patched(new Wire.UpdateComputeEnvironmentRequest { ComputeEnvironment = "ce" }, change))).Should()
            .Throw<ClientException>()
            .Which.Should().Match<ClientException>(
                e => !e.IsWrapped && e.Message == "One of [state | compute-resources | service-role | unmanaged-vcpus] is required.");
    }

    [Fact]
    public void Update_of_an_unknown_environment_names_its_arn() =>
        this.Invoking(t => t.Update(new() { ComputeEnvironment = "nope" })).Should().Throw<ClientException>()
            .Which.Should().Match<ClientException>(
                e => !e.IsWrapped && e.Message == "arn:aws:batch:eu-central-1:123456789012:compute-environment/nope does not exist");

    [Fact]
    public void Update_refuses_to_scale_down_by_hand()
    {
        _emulation.Environment(with: r => r with { ComputeResources = r.ComputeResources! with { DesiredvCpus = 4 } });

        this.Invoking(t => t.Update(new() { ComputeEnvironment = "ce", ComputeResources = new() { DesiredvCpus = 2 } }))
            .Should().Throw<ClientException>().WithMessage("Manually scaling down compute environment is not supported.  Disconnecting *");
    }

    [Fact]
    public void Infrastructure_of_a_best_fit_environment_cannot_be_updated()
    {
        _emulation.Environment();

        this.Invoking(t => t.Update(new() { ComputeEnvironment = "ce", ComputeResources = new() { InstanceTypes = ["m5"] } })).Should()
            .Throw<ClientException>();
    }

    [Fact]
    public void Delete_needs_a_disabled_environment_without_queues()
    {
        var arn = _emulation.Environment();
        _emulation.Queue();
        this.Invoking(t => t.Delete()).Should().Throw<ClientException>();
        Update(new() { ComputeEnvironment = "ce", State = "DISABLED" });
        this.Invoking(t => t.Delete()).Should().Throw<ClientException>().WithMessage("Cannot delete, resource is being modified.");
        _emulation.Advance(Settling.Duration);
        this.Invoking(t => t.Delete()).Should().Throw<ClientException>()
            .WithMessage("Cannot delete, found existing JobQueue relationship.");
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "q", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);
        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "q" });
        _emulation.Advance(Settling.Duration);

        Delete();
        _emulation.State.Of<ComputeEnvironment>()[arn].Status.Should().Be(ResourceStatus.Deleting);
        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<ComputeEnvironment>().Should().BeEmpty();
    }

    [Fact]
    public void Delete_of_an_unknown_environment_succeeds() =>
        _emulation.Call(Wire.Operations.DeleteComputeEnvironment, new() { ComputeEnvironment = "nope" }).Should().NotBeNull();

    private void Update(Wire.UpdateComputeEnvironmentRequest request) =>
        _emulation.Call(Wire.Operations.UpdateComputeEnvironment, request);

    private void Delete() => _emulation.Call(Wire.Operations.DeleteComputeEnvironment, new() { ComputeEnvironment = "ce" });
}
