using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Capacity of queues that run service jobs (docs/aws-behaviour.md, sections 7.3 and 9.5).</summary>
[Trait("Section", "9.5")]
public sealed class ServiceCapacityTests
{
    private const string NoCapacity = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY";
    private const string MaxResource = "MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE";
    private static readonly AttemptNotStarted CapacityError = new("CapacityError: Unable to provision requested ML compute capacity.");

    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs(with: r => r with
    {
        JobStateTimeLimitActions =
        [
            new() { State = "RUNNABLE", Action = "TERMINATE", Reason = NoCapacity, MaxTimeSeconds = 1200 },
            new() { State = "RUNNABLE", Action = "TERMINATE", Reason = MaxResource, MaxTimeSeconds = 600 },
        ],
    });

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "the same of a queue that runs service jobs",
        "Terminated by JobStateTimeLimit action due to reason: <reason>")]
    public void Job_larger_than_its_environment_has_a_reason_and_is_terminated_after_its_time_at_the_head()
    {
        var large = _emulation.SubmitService(instances: 3);
        var behind = _emulation.SubmitService();
        _emulation.Job(large).StatusReason.Should().Be(
            $"{MaxResource} - Service environment(s) associated with the job queue cannot meet the capacity requirement of the job.");
        _emulation.Advance(TimeSpan.FromSeconds(599));
        _emulation.Job(large).Status.Should().Be(JobStatus.Runnable);
        _emulation.Advance(TimeSpan.FromSeconds(1));

        _emulation.Job(large).Should().Match<Job>(j =>
            j.Status == JobStatus.Failed
                && j.StatusReason == $"Terminated by JobStateTimeLimit action due to reason: {MaxResource}"
                && j.Attempts.Count == 0);
        _emulation.Job(behind).Status.Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Job_without_instances_is_RUNNABLE_again_and_loses_no_attempt()
    {
        var id = _emulation.SubmitService();
        var behind = _emulation.SubmitService(instances: 2);
        _emulation.Advance(TimeSpan.FromSeconds(300));
        _emulation.End(id, CapacityError);

        _emulation.Job(id).Should().Match<Job>(j =>
            j.Status == JobStatus.Runnable
                && j.Attempts.Count == 0
                && j.StatusReason == $"{NoCapacity} - Unable to provision requested compute resources");
        _emulation.Job(behind).Status.Should().Be(JobStatus.Runnable, "the job is at the head of the queue as before");
        _emulation.WakeAt.Should().Be(_emulation.Now.AddSeconds(300), "it is handed over again");
        _emulation.Advance(TimeSpan.FromSeconds(300));
        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Scheduled && j.StatusReason == null);
        _emulation.Succeed(id);

        _emulation.Job(id).Attempts.Should().ContainSingle();
        _emulation.Job(id).Status.Should().Be(JobStatus.Succeeded);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Doc, "the same of a queue that runs service jobs",
        "Terminated by JobStateTimeLimit action due to reason: <reason>")]
    public void Time_without_instances_adds_up_until_the_job_is_terminated()
    {
        var id = _emulation.SubmitService();
        foreach (var (pending, pause) in new[] { (0, 60), (60, 120), (120, 360), (360, 120) })
        {
            _emulation.Advance(TimeSpan.FromSeconds(pending));
            _emulation.Job(id).Status.Should().Be(JobStatus.Scheduled);
            _emulation.End(id, CapacityError);
            _emulation.Job(id).Status.Should().Be(JobStatus.Runnable);
            _emulation.Restart();
            _emulation.Advance(TimeSpan.FromSeconds(pause));
        }

        (_emulation.Now - _emulation.Job(id).CreatedAt).Should().Be(TimeSpan.FromSeconds(1200));
        _emulation.Job(id).Should().Match<Job>(j =>
            j.Status == JobStatus.Failed && j.StatusReason == $"Terminated by JobStateTimeLimit action due to reason: {NoCapacity}");
        _emulation.StatusesOf(id).Count(s => s == JobStatus.Scheduled).Should().Be(4);
    }

    [Fact]
    public void Time_starts_over_once_the_job_has_run()
    {
        var id = _emulation.SubmitService(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        _emulation.Advance(TimeSpan.FromSeconds(300));
        _emulation.End(id, CapacityError);
        _emulation.Advance(TimeSpan.FromSeconds(300));
        _emulation.Start(id);
        _emulation.Advance(TimeSpan.FromSeconds(600));
        _emulation.Exit(id, 1);
        _emulation.End(id, CapacityError);

        _emulation.Job(id).BlockedSince.Should().Be(_emulation.Now);
        _emulation.Advance(TimeSpan.FromSeconds(60));
        _emulation.Job(id).Status.Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Pause_before_the_service_is_asked_grows_to_an_hour()
    {
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "sq", JobStateTimeLimitActions = [] });
        _emulation.Advance(Settling.Duration);
        var id = _emulation.SubmitService();
        for (var asked = 0; asked < 20; asked++)
        {
            _emulation.End(id, CapacityError);
            _emulation.Advance(_emulation.WakeAt!.Value - _emulation.Now);
        }

        var before = _emulation.Now;
        _emulation.End(id, CapacityError);
        _emulation.WakeAt.Should().Be(before.AddHours(1));
    }

    [Fact]
    public void Job_terminated_during_its_hand_over_is_not_handed_over_again()
    {
        var id = _emulation.SubmitService();
        _emulation.Call(Wire.Operations.TerminateServiceJob, new() { JobId = id, Reason = "enough" });
        _emulation.End(id, CapacityError);

        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "enough");
    }
}
