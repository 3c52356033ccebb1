using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Instances;

/// <summary>Scaling and replacement of instances (User Guide, "Compute environments" and "Update a compute environment in AWS Batch").</summary>
public sealed class ScalingTests
{
    private readonly Emulation _emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"] });

    [Fact]
    public void Idle_instance_is_kept_for_a_while_and_then_terminated()
    {
        _emulation.Succeed(_emulation.SubmitSized());

        _emulation.Advance(TimeSpan.FromSeconds(59));
        _emulation.Types().Should().HaveCount(1);
        _emulation.WakeAt.Should().Be(_emulation.Now.AddSeconds(1));
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Types().Should().BeEmpty();
        _emulation.Desired().Should().Be(0);
    }

    [Fact]
    public void Instance_that_gets_a_job_again_stays()
    {
        _emulation.Succeed(_emulation.SubmitSized());
        _emulation.Advance(TimeSpan.FromSeconds(59));
        _emulation.SubmitSized();

        _emulation.Advance(TimeSpan.FromHours(1));

        _emulation.Types().Should().HaveCount(1);
    }

    [Fact]
    public void Own_delay_of_the_environment_counts_from_the_end_of_the_last_job()
    {
        var emulation = Fleet.Emulation(
            r => r with { InstanceTypes = ["m5.large"], ScalingPolicy = new() { MinScaleDownDelayMinutes = 20 } });
        emulation.Succeed(emulation.SubmitSized());

        emulation.Advance(TimeSpan.FromMinutes(19));
        emulation.Types().Should().HaveCount(1);
        emulation.Advance(TimeSpan.FromMinutes(1));

        emulation.Types().Should().BeEmpty();
    }

    [Fact]
    public void Own_delay_of_the_environment_does_not_apply_to_an_instance_that_never_ran_a_job()
    {
        var emulation = Fleet.Emulation(r => r with
        {
            InstanceTypes = ["m5.large"],
            DesiredvCpus = 4,
            ScalingPolicy = new() { MinScaleDownDelayMinutes = 20 },
        });
        emulation.Types().Should().HaveCount(2);

        emulation.Advance(TimeSpan.FromMinutes(2));

        emulation.Types().Should().BeEmpty();
    }

    [Theory]
    [InlineData(4, null, 4)]
    [InlineData(5, null, 6)]
    [InlineData(2, 6, 6)]
    public void Minimum_and_desired_vcpus_exist_without_jobs(int min, int? desired, int expected)
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"], MinvCpus = min, DesiredvCpus = desired });

        emulation.Desired().Should().Be(expected);
        emulation.Advance(TimeSpan.FromHours(1));

        emulation.Types().Sum(_ => 2).Should().Be(min % 2 == 0 ? min : min + 1);
    }

    [Fact]
    public void Environment_has_no_more_instances_than_a_cluster_can_have()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"], MinvCpus = int.MaxValue }, maxVcpus: int.MaxValue);

        emulation.Types().Should().HaveCount(5_000);
        emulation.Desired().Should().Be(10_000);
    }

    [Fact]
    public void Lower_minimum_lets_idle_instances_go()
    {
        var emulation = Fleet.Emulation(r => r with { InstanceTypes = ["m5.large"], MinvCpus = 4 });
        emulation.Advance(TimeSpan.FromHours(1));
        emulation.Types().Should().HaveCount(2);

        emulation.Update(new() { ComputeResources = new() { MinvCpus = 2 } });

        emulation.Types().Should().HaveCount(1);
    }

    [Fact]
    public void Disabled_environment_launches_nothing_and_drains()
    {
        var job = _emulation.SubmitSized();
        _emulation.Update(new() { State = "DISABLED" });
        var waiting = _emulation.SubmitSized();

        _emulation.Succeed(job);
        _emulation.Advance(TimeSpan.FromMinutes(1));

        _emulation.Job(job).Status.Should().Be(JobStatus.Succeeded);
        _emulation.Job(waiting).Status.Should().Be(JobStatus.Runnable);
        _emulation.Types().Should().BeEmpty();
        _emulation.Desired().Should().Be(0);
    }

    [Fact]
    public void Idle_time_begins_again_with_a_restart()
    {
        _emulation.Succeed(_emulation.SubmitSized());
        _emulation.Advance(TimeSpan.FromSeconds(30));

        _emulation.Restart();
        _emulation.Turn();
        _emulation.Advance(TimeSpan.FromSeconds(59));
        _emulation.Types().Should().HaveCount(1);
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Types().Should().BeEmpty();
    }

    [Fact]
    public void Lost_instance_ends_its_attempts_which_are_retried_on_another()
    {
        var job = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Start(job);
        var instance = _emulation.InstanceOf(job);

        _emulation.To(instance, FleetChanges.Terminate);

        _emulation.Job(job).Attempts.Single().StatusReason.Should().Be($"Host EC2 (instance {instance.Name}) terminated.");
        _emulation.Job(job).Attempts.Single().ContainerInstanceArn.Should().Be(instance.Arn);
        _emulation.Stopped.Should().ContainSingle(key => key.JobId == job && key.Attempt == 1);
        _emulation.Job(job).Status.Should().Be(JobStatus.Starting);
        _emulation.InstanceOf(job).Should().NotBe(instance);
    }

    [Fact]
    public void Reclaimed_spot_instance_takes_no_jobs_after_its_notice_and_ends_two_minutes_later()
    {
        var running = _emulation.SubmitSized();
        _emulation.Start(running);
        var instance = _emulation.InstanceOf(running);

        _emulation.To(instance, (turn, i) => FleetChanges.Drain(turn, i, Instance.Notice));
        var next = _emulation.SubmitSized();
        _emulation.InstanceOf(next).Should().NotBe(instance);
        _emulation.Advance(TimeSpan.FromSeconds(119));
        _emulation.Job(running).Status.Should().Be(JobStatus.Running);
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Job(running).Status.Should().Be(JobStatus.Failed);
        _emulation.Instances().Should().NotContain(i => i.Arn == instance.Arn);
    }

    [Fact]
    public void Interruptions_by_hazard_are_the_same_for_the_same_seed()
    {
        IReadOnlyList<DateTimeOffset?> Notices(int seed)
        {
            var emulation = Fleet.Emulation(r => r with { Type = "SPOT", SpotIamFleetRole = "fleet", InstanceTypes = ["m5.large"] });
            emulation.State.Market = Market.Unlimited with { Seed = seed, Hazards = Market.Unlimited.Hazards.Add("*", 6) };
            emulation.SubmitArray(8);
            return [.. emulation.Instances().Select(instance => instance.NoticeAt)];
        }

        Notices(1).Should().Equal(Notices(1)).And.NotContainNulls();
        Notices(1).Should().NotEqual(Notices(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Infrastructure_update_replaces_the_instances_by_the_update_policy(bool terminatesJobs)
    {
        var emulation = Fleet.Emulation(r => r with { AllocationStrategy = "BEST_FIT_PROGRESSIVE", InstanceTypes = ["m5.large"] });
        var job = emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        emulation.Start(job);

        emulation.Update(new()
        {
            ComputeResources = new() { InstanceTypes = ["m6i.large"] },
            UpdatePolicy = new() { TerminateJobsOnUpdate = terminatesJobs, JobExecutionTimeoutMinutes = 10 },
        });
        emulation.Job(job).Attempts.Should().HaveCount(terminatesJobs ? 1 : 0);
        emulation.Advance(TimeSpan.FromMinutes(10));

        emulation.Job(job).Attempts.Should().ContainSingle().Which.StatusReason.Should().StartWith("Host EC2 (instance i-0");
        emulation.Types().Should().Equal("m6i.large");
        emulation.InstanceOf(job).Type.Should().Be("m6i.large");
    }

    [Fact]
    public void Deleted_environment_terminates_its_instances()
    {
        var emulation = new Emulation(new EngineOptions());
        emulation.AddEnvironment("ce", r => r with { InstanceTypes = ["m5.large"], MinvCpus = 4 });
        emulation.Types().Should().HaveCount(2);
        emulation.Update(new() { State = "DISABLED" });

        emulation.Call(Wire.Operations.DeleteComputeEnvironment, new() { ComputeEnvironment = "ce" });
        emulation.Advance(TimeSpan.FromSeconds(1));

        emulation.Types().Should().BeEmpty();
    }

    [Fact]
    public void Scaling_update_keeps_the_instances()
    {
        var job = _emulation.SubmitSized();
        var instance = _emulation.InstanceOf(job);

        _emulation.Update(new() { ComputeResources = new() { MaxvCpus = 1 } });

        _emulation.Instances().Should().Equal(instance);
        _emulation.Job(_emulation.SubmitSized()).Status.Should().Be(JobStatus.Starting, "the instance has room");
        _emulation.Job(_emulation.SubmitSized()).Status.Should().Be(JobStatus.Runnable);
    }
}
