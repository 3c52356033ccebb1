using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Instances that service jobs use of their environment (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceInstancesTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Fact]
    public void Jobs_run_within_the_instances_of_their_environment()
    {
        var first = _emulation.SubmitService();
        var large = _emulation.SubmitService(instances: 2);
        var behind = _emulation.SubmitService();

        _emulation.Job(large).Status.Should().Be(JobStatus.Runnable);
        _emulation.Job(behind).Status.Should().Be(JobStatus.Runnable, "the head of the queue blocks it");
        _emulation.Succeed(first);
        _emulation.Job(large).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(large);
        _emulation.Job(behind).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(behind);
        _emulation.State.Of<ServiceEnvironment>().Keys.Should().OnlyContain(arn => _emulation.State.Capacity.InstancesUsed(arn, null) == 0);
    }

    [Fact]
    public void Limits_of_instance_types_are_independent()
    {
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new()
        {
            ServiceEnvironment = "se",
            CapacityLimits =
                [new() { CapacityUnit = "ml.m5.large", MaxCapacity = 1 }, new() { CapacityUnit = "ml.c5.large", MaxCapacity = 1 }],
        });
        string Submit(string type) => _emulation.SubmitService(with: r => r with { ServiceRequestPayload = Requests.Training(1, type) });
        var (first, other, second) = (Submit("ml.m5.large"), Submit("ml.c5.large"), Submit("ml.m5.large"));

        _emulation.Job(other).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Job(second).Status.Should().Be(JobStatus.Runnable);
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Scheduled);
        Submit("ml.p5.48xlarge").Should()
            .Match<string>(id => _emulation.Job(id).StatusReason!.StartsWith("MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE"));
    }

    [Fact]
    public void Instance_groups_are_added_up()
    {
        var id = _emulation.SubmitService(with: r => r with
        {
            ServiceRequestPayload =
                """{"ResourceConfig":{"InstanceGroups":[{"InstanceType":"ml.a.large","InstanceCount":1},{"InstanceType":"ml.b.large","InstanceCount":1}]}}""",
        });

        Shown(id).CapacityUsage.Should().HaveCount(2);
        _emulation.Job(_emulation.SubmitService()).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    public void Lowered_limits_leave_running_jobs_alone_and_a_disabled_environment_accepts_none()
    {
        var running = _emulation.SubmitService(instances: 2);
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new()
        {
            ServiceEnvironment = "se",
            State = "DISABLED",
            CapacityLimits = [new() { CapacityUnit = "NUM_INSTANCES", MaxCapacity = 1 }],
        });
        _emulation.Advance(Settling.Duration);
        var waiting = _emulation.SubmitService();
        _emulation.Start(running);
        _emulation.Job(running).Status.Should().Be(JobStatus.Running);
        _emulation.Exit(running);

        _emulation.Job(waiting).Should().Match<Job>(j => j.Status == JobStatus.Runnable && j.StatusReason == null);
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new() { ServiceEnvironment = "se", State = "ENABLED" });
        _emulation.Job(waiting).Status.Should().Be(JobStatus.Scheduled);
    }

    private Wire.DescribeServiceJobResponse Shown(string id) => ServiceJobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
}
