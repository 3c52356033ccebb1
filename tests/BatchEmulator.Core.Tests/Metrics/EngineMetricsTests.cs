using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Tests.Instances;

namespace BatchEmulator.Core.Tests.Metrics;

public sealed class EngineMetricsTests
{
    private readonly Emulation _emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] }, maxVcpus: 4);

    [Fact]
    public void Waits_are_measured_from_runnable_to_placed()
    {
        var first = _emulation.SubmitSized(2);
        _emulation.SubmitSized(2);
        var waiting = _emulation.SubmitSized(2);
        _emulation.SubmitAfter(waiting);
        _emulation.Advance(TimeSpan.FromSeconds(40));
        _emulation.Succeed(first);

        var waits = Read(_emulation).Queues.Single().Waits;

        waits.Count.Should().Be(3);
        waits.Seconds.Should().Be(40);
        waits.Buckets().First().Should().Be((0.01, 2));
        waits.Buckets().Single(bucket => bucket.Bound == 30).Count.Should().Be(2);
        waits.Buckets().Single(bucket => bucket.Bound == 60).Count.Should().Be(3);
    }

    [Fact]
    public void Retried_job_waits_again_and_a_cancelled_one_never_ended_its_wait()
    {
        var job = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start(job);
        _emulation.Exit(job, 1);
        _emulation.SubmitSized(3);
        var waiting = _emulation.SubmitSized(2);
        _emulation.Cancel(waiting);

        Read(_emulation).Queues.Single().Waits.Count.Should().Be(2);
    }

    [Fact]
    public void Waits_begin_again_with_a_restart()
    {
        var first = _emulation.SubmitSized(2);
        _emulation.SubmitSized(2);
        _emulation.SubmitSized(2);
        _emulation.Advance(TimeSpan.FromHours(1));
        _emulation.Restart();
        _emulation.Turn();
        _emulation.Advance(TimeSpan.FromSeconds(7));
        _emulation.Succeed(first);

        var waits = Read(_emulation).Queues.Single().Waits;

        (waits.Count, waits.Seconds).Should().Be((1, 7));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(11, 1)]
    [InlineData(86_400_000, 13)]
    [InlineData(86_400_001, 14)]
    public void Wait_is_in_the_first_bucket_that_holds_it(long milliseconds, int bucket)
    {
        var waits = new WaitHistogram();
        waits.Add(milliseconds);

        waits.Buckets().Count(each => each.Count == 0).Should().Be(bucket);
        waits.Count.Should().Be(1);
    }

    [Fact]
    public void Instances_are_counted_with_what_jobs_hold_of_them_and_want()
    {
        _emulation.SubmitSized(2);
        _emulation.SubmitSized(1);
        _emulation.SubmitSized(2);
        _emulation.Advance(TimeSpan.FromHours(1));

        var metrics = Read(_emulation);

        metrics.Queues.Single().Wanted.Should().Be(2);
        metrics.Instances.Single().Should().BeEquivalentTo(
            new { Environment = "ce", Type = "m5.large", Purchase = Purchase.OnDemand, Held = 3.0, Idle = 1.0, Interruptions = 0 });
        metrics.Instances.Single().Statuses.Should().Equal(
            (InstanceStatus.Pending, 0), (InstanceStatus.Running, 2), (InstanceStatus.Draining, 0));
        metrics.Environments.Single().Usd.Should().Be(2 * 0.096);
    }

    [Fact]
    public void Interruptions_are_counted_beyond_the_end_of_the_instances()
    {
        _emulation.SubmitSized(2);
        _emulation.SubmitSized(1);
        _emulation.To(_emulation.Instances()[0], (turn, i) => FleetChanges.Interrupt(turn, i, hasNotice: false));
        _emulation.To(_emulation.Instances()[0], (turn, i) => FleetChanges.Interrupt(turn, i, hasNotice: false));

        var load = Read(_emulation).Instances.Single();

        load.Interruptions.Should().Be(2);
        load.Statuses.Sum(status => status.Count).Should().Be(0);
    }

    private static EngineMetrics Read(Emulation emulation)
    {
        var command = new Command<EngineMetrics>(EngineMetrics.Read);
        emulation.Turn(command);
        return command.Reply!;
    }
}
