using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Operations;

/// <summary>
/// Empty objects, lists, maps and texts, which clients send for omitted values: treated as absent unless AWS was seen to refuse them
/// (docs/aws-behaviour.md, sections 1.3, 5.4 and 6.2).
/// </summary>
public sealed class EmptyValuesTests
{
    private const string Image = """{"image":"i","resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"128"}]}""";
    private readonly Emulation _emulation = new Emulation().Ready();

    [Theory]
    [AwsRule("5.4", Evidence.Client, "empty objects, lists and texts give nothing")]
    [InlineData("""{"tags":{}}""")]
    [InlineData("""{"parameters":{}}""")]
    [InlineData("""{"timeout":{}}""")]
    [InlineData("""{"platformCapabilities":[]}""")]
    [InlineData("""{"nodeProperties":{}}""")]
    [InlineData("""{"ecsProperties":{}}""")]
    [InlineData("""{"ecsProperties":{"taskProperties":[]}}""")]
    [InlineData("""{"containerProperties":{"networkConfiguration":{},"fargatePlatformConfiguration":{},"runtimePlatform":{}}}""")]
    [InlineData("""{"containerProperties":{"logConfiguration":{},"ephemeralStorage":{},"repositoryCredentials":{}}}""")]
    [InlineData("""{"containerProperties":{"command":[],"environment":[],"mountPoints":[],"secrets":[],"ulimits":[],"volumes":[]}}""")]
    [InlineData("""{"containerProperties":{"user":"","executionRoleArn":"","jobRoleArn":""}}""")]
    public void Empty_value_in_a_definition_counts_as_absent(string change)
    {
        var plain = Definition("""{}""");

        Definition(change).Should().BeEquivalentTo(plain, options => options
            .Excluding(d => d.ContainerProperties!.User)
            .Excluding(d => d.ContainerProperties!.ExecutionRoleArn)
            .Excluding(d => d.ContainerProperties!.JobRoleArn));
    }

    [Theory]
    [Trait("Section", "5.4")]
    [InlineData("""{"containerProperties":{},"ecsProperties":{"taskProperties":[{"containers":[IMAGE],"ipcMode":"","pidMode":"","runtimePlatform":{},"networkConfiguration":{}}]}}""")]
    [InlineData("""{"eksProperties":{"podProperties":{"dnsPolicy":"","metadata":{"namespace":"","labels":{}},"volumes":[{"name":"v","emptyDir":{"sizeLimit":""}}],"containers":[{"image":"i","imagePullPolicy":"","resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}}}""")]
    public void Empty_value_in_a_definition_of_another_kind_counts_as_absent(string properties)
    {
        var request = Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "x", Type = "container" }, properties.Replace("IMAGE", Image));

        _emulation.Invoking(e => e.Call(Wire.Operations.RegisterJobDefinition, request)).Should().NotThrow();
    }

    [Theory]
    [AwsRule("6.2", Evidence.Client, "empty objects, lists and texts in a submission give nothing")]
    [InlineData("""{"tags":{}}""")]
    [InlineData("""{"parameters":{},"dependsOn":[],"arrayProperties":{}}""")]
    [InlineData("""{"dependsOn":[{}]}""")]
    [InlineData("""{"timeout":{}}""")]
    [InlineData("""{"containerOverrides":{},"nodeOverrides":{},"ecsPropertiesOverride":{},"eksPropertiesOverride":{}}""")]
    [InlineData("""{"containerOverrides":{"command":[],"environment":[],"resourceRequirements":[],"instanceType":""}}""")]
    [InlineData("""{"nodeOverrides":{"nodePropertyOverrides":[]},"ecsPropertiesOverride":{"taskProperties":[]},"eksPropertiesOverride":{"podProperties":{}}}""")]
    [InlineData("""{"shareIdentifier":""}""")]
    public void Empty_value_in_a_submission_counts_as_absent(string change)
    {
        var id = _emulation.Call(Wire.Operations.SubmitJob, Json.Patched(new Wire.SubmitJobRequest { JobName = "j", JobQueue = "q", JobDefinition = "d" }, change)).JobId!;

        _emulation.Job(id).Status.Should().Be(JobStatus.Starting);
        _emulation.Job(id).Specification.Should().BeEquivalentTo(
            _emulation.Job(_emulation.Submit("j")).Specification, options => options.Excluding(s => s.DependsOn));
    }

    [Theory]
    [InlineData("""{"tags":{}}""")]
    [InlineData("""{"eksConfiguration":{},"ecsSettings":{},"serviceRole":"","context":""}""")]
    [InlineData("""{"computeResources":{"tags":{},"capacityTags":{},"scalingPolicy":{},"managedInstancesProvider":{},"ec2Configuration":[]}}""")]
    public void Empty_value_in_an_environment_counts_as_absent(string change)
    {
        var request = Json.Patched(Requests.Environment("other"), change);

        _emulation.Invoking(e => e.Call(Wire.Operations.CreateComputeEnvironment, request)).Should().NotThrow();
    }

    [Fact]
    public void Empty_value_in_a_fargate_environment_counts_as_absent()
    {
        var request = Json.Patched(Requests.Fargate(), """
            {"computeResources":{"tags":{},"instanceTypes":[],"ec2Configuration":[],"instanceRole":"","imageId":"","ec2KeyPair":"","placementGroup":"","spotIamFleetRole":""}}
            """);

        var arn = _emulation.Call(Wire.Operations.CreateComputeEnvironment, request).ComputeEnvironmentArn!;

        var shown = _emulation.State.Of<ComputeEnvironment>()[arn].ToWire(new Dictionary<string, string>()).ComputeResources!;
        (shown.InstanceTypes, shown.InstanceRole, shown.DesiredvCpus).Should().Be((null, null, null));
    }

    [Fact]
    public void Unmanaged_environment_may_be_created_with_empty_resources() => _emulation.Invoking(e => e.Call(
        Wire.Operations.CreateComputeEnvironment,
        new() { ComputeEnvironmentName = "own", Type = "UNMANAGED", ServiceRole = "BatchRole", ComputeResources = new() })).Should().NotThrow();

    [Theory]
    [InlineData("""{"tags":{}}""")]
    [InlineData("""{"schedulingPolicyArn":"","jobStateTimeLimitActions":[],"serviceEnvironmentOrder":[]}""")]
    public void Empty_value_in_a_queue_counts_as_absent(string change)
    {
        var request = Json.Patched(Requests.Queue("other", 1, "ce"), change);

        var arn = _emulation.Call(Wire.Operations.CreateJobQueue, request).JobQueueArn!;

        _emulation.State.Of<JobQueue>()[arn].SchedulingPolicyArn.Should().BeNull();
    }

    [Fact]
    public void Empty_tags_are_accepted_by_every_operation_with_tags()
    {
        var none = new Dictionary<string, string>();
        _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", Tags = none });
        _emulation.Call(Wire.Operations.CreateConsumableResource, new() { ConsumableResourceName = "c", Tags = none });
        _emulation.ReadyForServiceJobs(with: r => r with { Tags = none });
        _emulation.Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment("s2") with { Tags = none });
        _emulation.SubmitService(
            with: r => r with { Tags = none, ClientToken = "", ShareIdentifier = "", TimeoutConfig = new(), RetryStrategy = new() });
        _emulation.Submit(with: r => r with { Tags = none });
        _emulation.Define(with: r => r with { Tags = none });

        _emulation.Changes.OfType<TagsPatched>().Should().BeEmpty();
    }

    [Fact]
    public void Empty_tokens_do_not_identify_repetitions()
    {
        _emulation.ReadyForServiceJobs();
        _emulation.SubmitService(with: r => r with { ClientToken = "" });
        _emulation.SubmitService(with: r => r with { ClientToken = "" });
        _emulation.Call(Wire.Operations.CreateConsumableResource, new() { ConsumableResourceName = "c", TotalQuantity = 1 });
        Wire.UpdateConsumableResourceRequest Add() => new() { ConsumableResource = "c", Operation = "ADD", Quantity = 1, ClientToken = "" };
        _emulation.Call(Wire.Operations.UpdateConsumableResource, Add());

        _emulation.Call(Wire.Operations.UpdateConsumableResource, Add()).TotalQuantity.Should().Be(3);
    }

    private Wire.JobDefinition Definition(string change)
    {
        var arn = _emulation.Call(Wire.Operations.RegisterJobDefinition, Json.Patched(
            new Wire.RegisterJobDefinitionRequest { JobDefinitionName = "x", Type = "container" }, $$"""{"containerProperties":{{Image}}}""") is var request
            ? Json.Patched(request, change)
            : request).JobDefinitionArn!;
        return _emulation.Store.JobDefinitions(new(Emulation.Scope, 1) { Arns = [arn] })[0].Value.Specification;
    }
}
