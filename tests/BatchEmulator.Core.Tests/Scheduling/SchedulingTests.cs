using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Scheduling;

/// <summary>Queues that share environments, and the choice of an environment (docs/aws-behaviour.md, sections 9.1 and 9.2).</summary>
public sealed class SchedulingTests
{
    [Fact]
    public void Jobs_of_a_queue_start_in_the_order_of_submission()
    {
        var emulation = new Emulation().Ready(maxVcpus: 2);
        var ids = Enumerable.Range(0, 4).Select(_ => emulation.Submit()).ToList();

        emulation.Running.Keys.Select(k => k.JobId).Should().Equal(ids[0], ids[1]);
        emulation.Succeed(ids[1]);

        emulation.Running.Keys.Select(k => k.JobId).Should().BeEquivalentTo([ids[0], ids[2]]);
    }

    [Fact]
    public void Head_that_does_not_fit_blocks_the_jobs_behind_it()
    {
        var emulation = new Emulation().Ready(maxVcpus: 4);
        emulation.Define("big", r => r with { ContainerProperties = Requests.Container(vcpus: "4") });
        emulation.Submit();
        var big = emulation.Submit(with: r => r with { JobDefinition = "big" });
        var small = emulation.Submit();

        emulation.Job(big).Status.Should().Be(JobStatus.Runnable);
        emulation.Job(small).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    public void Cancelled_head_unblocks_the_jobs_behind_it()
    {
        var emulation = new Emulation().Ready(maxVcpus: 4);
        emulation.Define("big", r => r with { ContainerProperties = Requests.Container(vcpus: "4") });
        emulation.Submit();
        var big = emulation.Submit(with: r => r with { JobDefinition = "big" });
        var small = emulation.Submit();

        emulation.Cancel(big);

        emulation.Job(small).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Queue_of_higher_priority_is_served_first_whenever_capacity_frees()
    {
        var emulation = new Emulation();
        emulation.Environment(maxVcpus: 1);
        emulation.Queue("low", 1);
        emulation.Queue("high", 10);
        emulation.Define();
        var running = emulation.Submit(with: r => r with { JobQueue = "low" });
        var low = emulation.Submit(with: r => r with { JobQueue = "low" });
        var high = emulation.Submit(with: r => r with { JobQueue = "high" });

        emulation.Succeed(running);

        emulation.Job(high).Status.Should().Be(JobStatus.Starting);
        emulation.Job(low).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    public void Blocked_queue_of_higher_priority_does_not_block_lower_ones()
    {
        var emulation = new Emulation();
        emulation.Environment(maxVcpus: 2);
        emulation.Queue("low", 1);
        emulation.Queue("high", 10);
        emulation.Define();
        emulation.Define("big", r => r with { ContainerProperties = Requests.Container(vcpus: "2") });
        emulation.Submit(with: r => r with { JobQueue = "low" });
        var big = emulation.Submit(with: r => r with { JobQueue = "high", JobDefinition = "big" });

        var low = emulation.Submit(with: r => r with { JobQueue = "low" });

        emulation.Job(big).Status.Should().Be(JobStatus.Runnable);
        emulation.Job(low).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Environments_are_tried_in_the_order_of_the_queue()
    {
        var emulation = new Emulation();
        emulation.Environment("first", maxVcpus: 1);
        emulation.Environment("second", maxVcpus: 1);
        emulation.Queue("q", 1, "first", "second");
        emulation.Define();

        var ids = Enumerable.Range(0, 3).Select(_ => emulation.Submit()).ToList();

        emulation.Job(ids[0]).Current!.ComputeEnvironmentArn.Should().EndWith("/first");
        emulation.Job(ids[1]).Current!.ComputeEnvironmentArn.Should().EndWith("/second");
        emulation.Job(ids[2]).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    public void Disabled_environment_accepts_no_jobs_until_it_is_enabled()
    {
        var emulation = new Emulation().Ready();
        Update(emulation, new() { ComputeEnvironment = "ce", State = "DISABLED" });
        var id = emulation.Submit();
        emulation.Job(id).Status.Should().Be(JobStatus.Runnable);

        emulation.Advance(TimeSpan.FromSeconds(1));
        Update(emulation, new() { ComputeEnvironment = "ce", State = "ENABLED" });

        emulation.Job(id).Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Placements_of_one_turn_are_bounded_and_the_rest_is_due_at_once()
    {
        var emulation = new Emulation().Ready(maxVcpus: 10_000);
        emulation.SubmitArray(5_000);
        emulation.Running.Should().HaveCount(2_000);
        emulation.WakeAt.Should().Be(emulation.Now);

        emulation.Turn();
        emulation.Turn();

        emulation.Running.Should().HaveCount(5_000);
    }

    private static void Update(Emulation emulation, Wire.UpdateComputeEnvironmentRequest request) =>
        emulation.Call(Wire.Operations.UpdateComputeEnvironment, request);
}
