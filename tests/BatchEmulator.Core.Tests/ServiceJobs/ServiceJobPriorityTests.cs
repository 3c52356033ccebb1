using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Priorities of service jobs (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceJobPriorityTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Fact]
    public void Priority_counts_within_a_share_and_can_be_changed()
    {
        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p" }).Arn;
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.ServiceQueue("fair", "se") with { SchedulingPolicyArn = policy });
        _emulation.Advance(Settling.Duration);
        string Submit(int priority) => _emulation.SubmitService(
            instances: 2, with: r => r with { JobQueue = "fair", ShareIdentifier = "a", SchedulingPriority = priority });
        var (first, second, third) = (Submit(1), Submit(1), Submit(2));
        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "fair" })).Should().Throw<ClientException>()
            .WithMessage("shareIdentifier must be specified.");

        _emulation.Call(Wire.Operations.UpdateServiceJob, new() { JobId = _emulation.Job(second).Arn, SchedulingPriority = 3 })
            .Should().BeEquivalentTo(
                new Wire.UpdateServiceJobResponse { JobArn = _emulation.Job(second).Arn, JobName = "train", JobId = second });
        Shown(second).SchedulingPriority.Should().Be(3);
        _emulation.Restart();
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(second);
        _emulation.Job(third).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(third);

        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = third, SchedulingPriority = 1 })).Should()
            .Throw<ClientException>()
            .WithMessage(OpenTexts.ServiceJobNotFound(third));
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = third, SchedulingPriority = -1 })).Should()
            .Throw<ClientException>()
            .WithMessage("Scheduling priority must be between 0 and 9999.");
    }

    [Fact]
    public void Job_that_becomes_the_head_by_its_new_priority_starts_at_once()
    {
        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p" }).Arn;
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.ServiceQueue("fair", "se") with { SchedulingPolicyArn = policy });
        _emulation.Advance(Settling.Duration);
        string Submit(int priority, int instances) => _emulation.SubmitService(
            instances: instances, with: r => r with { JobQueue = "fair", ShareIdentifier = "a", SchedulingPriority = priority });
        var (tooLarge, behind) = (Submit(2, 3), Submit(1, 1));
        _emulation.Job(tooLarge).StatusReason.Should().StartWith("MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE");

        _emulation.Call(Wire.Operations.UpdateServiceJob, new() { JobId = behind, SchedulingPriority = 3 });

        _emulation.Job(behind).Status.Should().Be(JobStatus.Scheduled);
    }

    private Wire.DescribeServiceJobResponse Shown(string id) => ServiceJobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());
}
