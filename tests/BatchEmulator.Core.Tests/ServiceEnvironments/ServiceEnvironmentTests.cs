using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Tests.ServiceEnvironments;

/// <summary>Service environments (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceEnvironmentTests
{
    private const string Arn = "arn:aws:batch:eu-central-1:123456789012:service-environment/se";
    private readonly Emulation _emulation = new();

    [Theory]
    [InlineData("""{"serviceEnvironmentName":"a.b"}""", "Service environment name should match a valid pattern.")]
    [InlineData("""{"capacityLimits":[]}""", "Capacitylimits are required.")]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"ml.a.large","maxCapacity":1},{"capacityUnit":"ml.b.large","maxCapacity":1},{"capacityUnit":"ml.c.large","maxCapacity":1},{"capacityUnit":"ml.d.large","maxCapacity":1},{"capacityUnit":"ml.e.large","maxCapacity":1},{"capacityUnit":"ml.f.large","maxCapacity":1}]}""", "Number of capacity limits exceeds 5.")]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":0}]}""", "Max capacity must be more than 0.")]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":1},{"capacityUnit":"ml.m5.large","maxCapacity":1}]}""", "Capacity units must specify either number of instances OR instance type")]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"VCPU","maxCapacity":1}]}""", "VCPU is unknown capacity unit in [NUM_INSTANCES, ml.<family>.<size>]")]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"NUM_INSTANCES"}]}""", OpenTexts.CapacityLimitIncomplete)]
    [InlineData("""{"capacityLimits":[{"maxCapacity":1}]}""", OpenTexts.CapacityLimitIncomplete)]
    [InlineData("""{"capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":1},{"capacityUnit":"ml.m5.large","maxCapacity":1}]}""", OpenTexts.CapacityUnitTwice)]
    public void Create_refuses_in_the_words_of_aws(string change, string text)
    {
        var request = Json.Patched(Requests.ServiceEnvironment(), change);

        var create = () => _emulation.Call(Wire.Operations.CreateServiceEnvironment, request);

        create.Should().Throw<ClientException>().Which.Should().Match<ClientException>(e => e.IsWrapped && e.Message == text);
    }

    [Fact]
    public void Environment_is_created_and_shown_once()
    {
        _emulation.Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment()).Should().BeEquivalentTo(
            new Wire.CreateServiceEnvironmentResponse { ServiceEnvironmentName = "se", ServiceEnvironmentArn = Arn });
        Shown().Status.Should().Be("CREATING");
        _emulation.Advance(Settling.Duration);

        Shown().Should().BeEquivalentTo(new Wire.ServiceEnvironmentDetail
        {
            ServiceEnvironmentName = "se",
            ServiceEnvironmentArn = Arn,
            ServiceEnvironmentType = "SAGEMAKER_TRAINING",
            State = "ENABLED",
            Status = "VALID",
            CapacityLimits = [new() { CapacityUnit = "NUM_INSTANCES", MaxCapacity = 2 }],
            Tags = new Dictionary<string, string>(),
        });
        _emulation.Invoking(e => e.Call(Wire.Operations.CreateServiceEnvironment, Requests.ServiceEnvironment())).Should()
            .Throw<ClientException>()
            .WithMessage("Object already exists");
    }

    [Fact]
    public void Update_changes_limits_and_state()
    {
        _emulation.ReadyForServiceJobs();

        Update(new() { ServiceEnvironment = Arn, State = "DISABLED", CapacityLimits = [new() { CapacityUnit = "ml.m5.large", MaxCapacity = 7 }] });

        Shown().Should().Match<Wire.ServiceEnvironmentDetail>(
            e => e.Status == "UPDATING" && e.State == "DISABLED" && e.CapacityLimits![0].MaxCapacity == 7);
        this.Invoking(t => t.Update(new() { ServiceEnvironment = "se" })).Should().Throw<ClientException>()
            .WithMessage("Cannot update, resource is being modified.");
        _emulation.Advance(Settling.Duration);
        Update(new() { ServiceEnvironment = "se", CapacityLimits = [] });
        Shown().CapacityLimits![0].MaxCapacity.Should().Be(7, "an empty list changes nothing");
        _emulation.Advance(Settling.Duration);
        this.Invoking(t => t.Update(new() { ServiceEnvironment = "nope" })).Should().Throw<ClientException>()
            .WithMessage("arn:aws:batch:eu-central-1:123456789012:service-environment/nope does not exist");
        Shown().Status.Should().Be("VALID");
    }

    [Fact]
    public void Only_a_disabled_environment_without_queues_is_deleted()
    {
        _emulation.ReadyForServiceJobs();

        this.Invoking(t => t.Delete()).Should().Throw<ClientException>().WithMessage(OpenTexts.DeleteNeedsDisabled);
        Update(new() { ServiceEnvironment = "se", State = "DISABLED" });
        this.Invoking(t => t.Delete()).Should().Throw<ClientException>().WithMessage("Cannot delete, resource is being modified.");
        _emulation.Advance(Settling.Duration);
        this.Invoking(t => t.Delete()).Should().Throw<ClientException>().WithMessage(OpenTexts.ServiceEnvironmentInUse);
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "sq", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);
        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "sq" });
        _emulation.Advance(Settling.Duration);
        Delete();
        Shown().Status.Should().Be("DELETING");
        Delete();
        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<ServiceEnvironment>().Should().BeEmpty();
        this.Invoking(t => t.Delete()).Should().NotThrow("deleting an unknown one succeeds");
    }

    [Fact]
    public void Environments_are_still_there_after_a_restart()
    {
        _emulation.ReadyForServiceJobs();
        var before = Shown();
        _emulation.Restart();

        Shown().Should().BeEquivalentTo(before);
        _emulation.SubmitService();
        _emulation.Running.Should().ContainSingle();
    }

    private Wire.ServiceEnvironmentDetail Shown() =>
        _emulation.State.Of<ServiceEnvironment>()[Arn].ToWire(new Dictionary<string, string>());

    private void Update(Wire.UpdateServiceEnvironmentRequest request) => _emulation.Call(Wire.Operations.UpdateServiceEnvironment, request);

    private void Delete() => _emulation.Call(Wire.Operations.DeleteServiceEnvironment, new() { ServiceEnvironment = "se" });
}
