using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Scheduling;

/// <summary>Jobs that are stuck in RUNNABLE (docs/aws-behaviour.md, sections 7.3 and 9.5).</summary>
[Trait("Section", "9.5")]
public sealed class BlockedQueueTests
{
    private const string MaxResource = "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE";
    private const string TooManyVcpus = MaxResource + " - CE(s) associated with the job queue cannot meet the CPU requirement of the job.";
    private const string FitsNoType =
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the "
        + "CE(s) attached to the job queue.";

    private readonly Emulation _emulation = new Emulation(new()).Ready(maxVcpus: 2);

    public BlockedQueueTests() => _emulation.Define("big", r => r with { ContainerProperties = Requests.Container(vcpus: "4") });

    [Fact]
    public void Job_too_large_for_every_environment_has_a_reason_at_the_head()
    {
        var before = _emulation.Submit();
        var big = SubmitBig();
        var other = SubmitBig();

        Reason(big).Should().Be(TooManyVcpus);
        Reason(other).Should().BeNull("only the job at the head shows a reason");
        _emulation.Job(big).Status.Should().Be(JobStatus.Runnable);
        _emulation.Cancel(big, "no");
        Reason(other).Should().Be(TooManyVcpus);
        _emulation.Job(before).Status.Should().Be(JobStatus.Starting);
    }

    [Theory]
    [InlineData("optimal", "129", "1024", 0, true)]
    [InlineData("optimal", "193", "1024", 0, false)]
    [InlineData("optimal", "2", "1000000", 0, true)]
    [InlineData("optimal", "2", "1048576", 0, false)]
    [InlineData("optimal", "2", "1024", 1, false)]
    [InlineData("g5.xlarge", "4", "1024", 1, true)]
    [InlineData("g5.xlarge", "4", "1024", 2, false)]
    [InlineData("m4.large", "2", "7952", 0, true)]
    [InlineData("m4.large", "2", "7953", 0, false)]
    [InlineData("c5", "73", "1024", 0, true)]
    [InlineData("c5", "97", "1024", 0, false)]
    [InlineData("p3.2xlarge", "64", "1048576", 9, true)]
    public void Job_must_fit_on_an_instance_type_of_its_environment(string type, string vcpus, string memory, int gpus, bool fits)
    {
        Environment("typed", type);
        _emulation.Queue("typed", 1, "typed");
        List<Wire.ResourceRequirement> requirements = [new() { Type = "VCPU", Value = vcpus }, new() { Type = "MEMORY", Value = memory }];
        if (gpus > 0)
        {
            requirements.Add(new() { Type = "GPU", Value = $"{gpus}" });
        }

        _emulation.Define("sized", r => r with { ContainerProperties = Requests.Container() with { ResourceRequirements = requirements } });
        var job = _emulation.Submit(with: r => r with { JobQueue = "typed", JobDefinition = "sized" });

        _emulation.Job(job).Status.Should().Be(fits ? JobStatus.Starting : JobStatus.Runnable);
        Reason(job).Should().Be(fits ? null : FitsNoType);
    }

    [Fact]
    public void Every_node_of_a_job_must_fit_on_the_type_that_it_names()
    {
        Environment("typed", "m5", "c5.large");
        _emulation.Queue("typed", 1, "typed");

        Reason(SubmitNodes(instanceType: "m5.xlarge", vcpus: "4")).Should().BeNull();
        Reason(SubmitNodes(instanceType: "m5.xlarge", vcpus: "5")).Should().Be(FitsNoType);
    }

    [Fact]
    public void Room_within_the_maximum_is_enough_if_instance_types_are_not_checked()
    {
        var emulation = new Emulation(new() { HasInstances = false }).Ready(maxVcpus: 1_000);
        emulation.Define("huge", r => r with { ContainerProperties = Requests.Container(vcpus: "500") });

        var job = emulation.Submit(with: r => r with { JobDefinition = "huge" });

        emulation.Job(job).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Second_environment_takes_a_job_that_fits_no_type_of_the_first()
    {
        Environment("small", "c5.large");
        Environment("large", "optimal");
        _emulation.Queue("both", 1, "small", "large");

        var job = _emulation.Submit(with: r => r with { JobQueue = "both", JobDefinition = "big" });

        _emulation.Job(job).Current!.ComputeEnvironmentArn.Should().EndWith("/large");
    }

    [Fact]
    public void Job_that_only_waits_for_others_has_no_reason()
    {
        _emulation.Submit();
        _emulation.Submit();

        Reason(_emulation.Submit()).Should().BeNull();
    }

    [Fact]
    public void Reason_is_removed_when_it_no_longer_applies()
    {
        var big = SubmitBig();
        _emulation.Call(
            Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "ce", ComputeResources = new() { MaxvCpus = 4 } });

        _emulation.Job(big).Should().Match<Job>(j => j.Status == JobStatus.Starting && j.StatusReason == null && j.BlockedSince == null);
    }

    [Fact]
    public void Queue_without_an_environment_that_accepts_jobs_has_a_reason()
    {
        _emulation.Call(Wire.Operations.UpdateComputeEnvironment, new() { ComputeEnvironment = "ce", State = "DISABLED" });
        _emulation.Advance(TimeSpan.FromSeconds(1));

        Reason(_emulation.Submit()).Should().Be("ACTION_REQUIRED - CE(s) associated with the job queue are invalid.");
    }

    [Fact]
    public void Multi_node_job_on_spot_instances_only_is_blocked()
    {
        _emulation.Environment(
            "spot",
            64,
            r => r with { ComputeResources = r.ComputeResources! with { Type = "SPOT", AllocationStrategy = "SPOT_CAPACITY_OPTIMIZED" } });
        _emulation.Queue("s", 1, "spot");
        _emulation.Define("nodes", _ => Requests.MultiNode(2));

        Reason(_emulation.Submit(with: r => r with { JobQueue = "s", JobDefinition = "nodes" }))
            .Should().Be("UNDETERMINED - Batch job is blocked, root cause is undetermined.");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "time limit of a state", "Canceled by JobStateTimeLimit action due to reason: <reason>")]
    public void Action_of_the_queue_cancels_the_job_after_its_time_at_the_head()
    {
        LimitTo(600);
        var big = SubmitBig();
        var behind = _emulation.Submit();
        _emulation.Advance(TimeSpan.FromSeconds(599));
        _emulation.Job(big).Status.Should().Be(JobStatus.Runnable);
        _emulation.WakeAt.Should().Be(_emulation.Now.AddSeconds(1));
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Job(big).Should().Match<Job>(
            j => j.Status == JobStatus.Failed && j.StatusReason == $"Canceled by JobStateTimeLimit action due to reason: {MaxResource}");
        _emulation.Job(big).Attempts.Should().BeEmpty();
        _emulation.Job(behind).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Time_at_the_head_continues_across_a_restart_and_actions_may_be_added_later()
    {
        var big = SubmitBig();
        _emulation.Advance(TimeSpan.FromSeconds(400));
        LimitTo(600);
        _emulation.Restart();
        _emulation.Advance(TimeSpan.FromSeconds(200));

        _emulation.Job(big).Status.Should().Be(JobStatus.Failed);
    }

    [Fact]
    public void Action_with_another_reason_does_nothing()
    {
        LimitTo(600, "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY");
        var big = SubmitBig();
        _emulation.Advance(TimeSpan.FromSeconds(6000));

        Reason(big).Should().Be(TooManyVcpus);
    }

    [Fact]
    public void Action_applies_to_a_shortage_of_capacity()
    {
        LimitTo(600, "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY");
        _emulation.State.Market = Market.Unlimited with { Shortages = [new Shortage(null, null, DateTimeOffset.MaxValue)] };
        var job = _emulation.Submit();
        Reason(job).Should().StartWith("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - ");

        _emulation.Advance(TimeSpan.FromSeconds(600));

        _emulation.Job(job).StatusReason.Should()
            .Be("Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY");
    }

    [Fact]
    public void Warning_says_once_what_would_help()
    {
        var big = SubmitBig();
        _emulation.Submit();
        _emulation.Advance(TimeSpan.FromMinutes(5));

        _emulation.Warnings.Should().ContainSingle().Which.Should().Match<LogJobWarning>(warning =>
            warning.JobArn == _emulation.Job(big).Arn
            && warning.Text.Contains(TooManyVcpus, StringComparison.Ordinal)
            && warning.Text.EndsWith("Raise the maximum of ce, or submit a smaller job.", StringComparison.Ordinal));
    }

    private void LimitTo(int seconds, string reason = MaxResource)
    {
        _emulation.Call(Wire.Operations.UpdateJobQueue, new()
        {
            JobQueue = "q",
            JobStateTimeLimitActions = [new() { State = "RUNNABLE", Action = "CANCEL", Reason = reason, MaxTimeSeconds = seconds }],
        });
    }

    private void Environment(string name, params string[] types) => _emulation.Environment(
        name, maxVcpus: 1_000, with: r => r with { ComputeResources = r.ComputeResources! with { InstanceTypes = types } });

    private string SubmitNodes(string instanceType, string vcpus)
    {
        var name = $"nodes-{vcpus}";
        var definition = Requests.MultiNode(2, name: name);
        var nodes = definition.NodeProperties!;
        var container = Requests.Container(vcpus) with { InstanceType = instanceType };
        _emulation.Call(Wire.Operations.RegisterJobDefinition, definition with
        {
            NodeProperties = nodes with { NodeRangeProperties = [nodes.NodeRangeProperties![0] with { Container = container }] },
        });
        return _emulation.Submit(with: r => r with { JobQueue = "typed", JobDefinition = name });
    }

    private string SubmitBig() => _emulation.Submit(with: r => r with { JobDefinition = "big" });

    private string? Reason(string id) => JobDetails.Of(_emulation.Job(id), new Dictionary<string, string>()).StatusReason;
}
