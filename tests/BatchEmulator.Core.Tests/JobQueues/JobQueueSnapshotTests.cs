namespace BatchEmulator.Core.Tests.JobQueues;

/// <summary>GetJobQueueSnapshot (docs/aws-behaviour.md, section 9.6).</summary>
[Trait("Section", "9.6")]
public sealed class JobQueueSnapshotTests
{
    private readonly Emulation _emulation = new();

    [Fact]
    public void Unknown_queue_is_refused()
    {
        var snapshot = () => Snapshot("nope");

        snapshot.Should().Throw<ClientException>();
    }

    [Fact]
    public void Empty_queue_has_an_empty_front_and_uses_nothing()
    {
        _emulation.Ready();

        var snapshot = Snapshot();

        snapshot.FrontOfQueue!.Jobs.Should().BeEmpty();
        snapshot.FrontOfQueue.LastUpdatedAt.Should().Be(Milliseconds(_emulation.Now));
        snapshot.FrontOfQuotaShares.Should().BeNull();
        snapshot.QueueUtilization!.TotalCapacityUsage.Should()
            .BeEquivalentTo([new Wire.QueueSnapshotCapacityUsage { CapacityUnit = "VCPU", Quantity = 0 }]);
        snapshot.QueueUtilization.FairshareUtilization.Should().BeNull("the queue is first in, first out");
        snapshot.QueueUtilization.LastUpdatedAt.Should().Be(Milliseconds(_emulation.Now));
    }

    [Fact]
    public void Front_has_the_first_hundred_runnable_jobs_in_the_order_of_their_start()
    {
        _emulation.Ready(maxVcpus: 1);
        var running = _emulation.Submit();
        var waiting = Enumerable.Range(0, 102).Select(_ => _emulation.Submit()).ToList();

        Front().Should().Equal(waiting[..100]);
        Snapshot().QueueUtilization!.TotalCapacityUsage!.Single().Quantity.Should().Be(1);

        _emulation.Succeed(running);

        Front().Should().Equal(waiting[1..101]);
    }

    [Fact]
    public void Position_is_kept_until_a_job_before_it_leaves()
    {
        _emulation.Ready(maxVcpus: 1);
        var running = _emulation.Submit();
        var (first, second, third) = (SubmitLater(), SubmitLater(), SubmitLater());
        var submitted = new[] { first, second, third }.Select(id => _emulation.Job(id).CreatedAt).ToList();
        Times().Should().Equal(submitted);

        var cancelled = Later();
        _emulation.Cancel(second);
        Times().Should().Equal(submitted[0], cancelled);

        var placed = Later();
        _emulation.Succeed(running);
        Front().Should().Equal(third);
        Times().Should().Equal(placed);

        var arrived = Later();
        _emulation.Submit();
        Times().Should().Equal(placed, arrived);
    }

    [Fact]
    public void Retried_job_moves_the_others()
    {
        _emulation.Ready(maxVcpus: 1);
        var retried = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        var large = _emulation.Submit(
            with: r => r with { ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = "2" }] } });
        var other = SubmitLater();
        _emulation.Start(retried);
        var failed = Later();

        _emulation.Exit(retried, exitCode: 1);

        // The retried job is placed at once: it came and went before them.
        Front().Should().Equal(large, other);
        Times().Should().Equal(failed, failed);
    }

    [Fact]
    public void After_a_restart_a_position_counts_from_the_submission()
    {
        _emulation.Ready(maxVcpus: 1);
        var running = _emulation.Submit();
        SubmitLater();
        var left = SubmitLater();
        Later();
        _emulation.Succeed(running);

        _emulation.Restart();

        Times().Should().Equal(_emulation.Job(left).CreatedAt);
    }

    [Fact]
    public void Capacity_of_a_fair_share_queue_is_shown_by_share_and_largest_first()
    {
        _emulation.Environment(maxVcpus: 8);
        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p", FairsharePolicy = new() }).Arn;
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.Queue("q", 1, "ce") with { SchedulingPolicyArn = policy });
        _emulation.Advance(Resources.Settling.Duration);
        _emulation.Define();
        SubmitTo("small", vcpus: 1);
        SubmitTo("large", vcpus: 5);
        SubmitTo("waiting", vcpus: 4);

        var utilization = Snapshot().QueueUtilization!;

        utilization.TotalCapacityUsage!.Single().Quantity.Should().Be(6);
        utilization.FairshareUtilization!.ActiveShareCount.Should().Be(3);
        utilization.FairshareUtilization.TopCapacityUtilization!.Select(
            u => (u.ShareIdentifier, u.CapacityUsage!.Single().CapacityUnit, u.CapacityUsage!.Single().Quantity))
            .Should().Equal(("large", "VCPU", 5.0), ("small", "VCPU", 1.0));
    }

    [Fact]
    public void Capacity_of_a_service_queue_is_counted_in_instances_of_each_type()
    {
        _emulation.ReadyForServiceJobs(instances: 2);
        _emulation.SubmitService(instances: 2);
        var waiting = _emulation.SubmitService();

        Front("sq").Should().Equal(waiting);
        Snapshot("sq").QueueUtilization!.TotalCapacityUsage!.Single().Should().BeEquivalentTo(
            new Wire.QueueSnapshotCapacityUsage { CapacityUnit = "ml.m5.large", Quantity = 2 });
    }

    private Wire.GetJobQueueSnapshotResponse Snapshot(string queue = "q") =>
        _emulation.Call(Wire.Operations.GetJobQueueSnapshot, new() { JobQueue = queue });

    private IEnumerable<string> Front(string queue = "q") =>
        Snapshot(queue).FrontOfQueue!.Jobs!.Select(job => job.JobArn![(job.JobArn!.LastIndexOf('/') + 1)..]);

    private IEnumerable<DateTimeOffset> Times() =>
        Snapshot().FrontOfQueue!.Jobs!.Select(job => DateTimeOffset.FromUnixTimeMilliseconds(job.EarliestTimeAtPosition!.Value));

    private void SubmitTo(string share, int vcpus) => _emulation.Submit(with: r => r with
    {
        ShareIdentifier = share,
        SchedulingPriorityOverride = 0,
        ContainerOverrides = new() { ResourceRequirements = [new() { Type = "VCPU", Value = $"{vcpus}" }] },
    });

    private string SubmitLater()
    {
        Later();
        return _emulation.Submit();
    }

    /// <returns>The new time.</returns>
    private DateTimeOffset Later()
    {
        _emulation.Advance(TimeSpan.FromSeconds(10));
        return _emulation.Now;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
