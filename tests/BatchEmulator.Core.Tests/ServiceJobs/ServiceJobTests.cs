using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Service jobs (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceJobTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Fact]
    public void Job_passes_through_SCHEDULED_and_ends_in_the_words_of_sagemaker()
    {
        var id = _emulation.SubmitService();
        _emulation.Job(id).Status.Should().Be(JobStatus.Scheduled);
        var scheduledAt = _emulation.Now.ToUnixTimeMilliseconds();
        _emulation.Now += TimeSpan.FromSeconds(3);
        _emulation.Start(id);
        var startedAt = _emulation.Now.ToUnixTimeMilliseconds();
        _emulation.Now += TimeSpan.FromSeconds(5);
        _emulation.Exit(id);

        _emulation.StatusesOf(id).Should().Equal(
            JobStatus.Submitted, JobStatus.Runnable, JobStatus.Scheduled, JobStatus.Starting, JobStatus.Running, JobStatus.Succeeded);
        var shown = Shown(id);
        shown.Should().Match<Wire.DescribeServiceJobResponse>(
            j => j.Status == "SUCCEEDED" && j.StatusReason == "Received status from SageMaker: Training job completed");
        shown.Should().Match<Wire.DescribeServiceJobResponse>(j =>
            j.ScheduledAt == scheduledAt
                && j.StartedAt == startedAt
                && j.StoppedAt == startedAt + 5000
                && j.CreatedAt == scheduledAt
                && j.CapacityUsage == null);
        shown.Attempts.Should().ContainSingle().Which.Should().BeEquivalentTo(new Wire.ServiceJobAttemptDetail
        {
            ServiceResourceId = shown.LatestAttempt!.ServiceResourceId,
            StartedAt = startedAt,
            StoppedAt = startedAt + 5000,
            StatusReason = "Received status from SageMaker: Training job completed",
        });
        shown.LatestAttempt.ServiceResourceId!.Name.Should().Be("TrainingJobArn");
        shown.LatestAttempt.ServiceResourceId.Value.Should()
            .MatchRegex("^arn:aws:sagemaker:eu-central-1:123456789012:training-job/AWSBatchmy-training-job[0-9a-f]{32}$");
    }

    [Fact]
    public void Waiting_job_shows_its_request_and_no_attempt()
    {
        _emulation.SubmitService(instances: 2);
        var id = _emulation.SubmitService(
            with: r => r with { SchedulingPriority = 7, TimeoutConfig = new() { AttemptDurationSeconds = 60 } });

        var shown = Shown(id);

        shown.Should().BeEquivalentTo(new Wire.DescribeServiceJobResponse
        {
            Attempts = [],
            CreatedAt = _emulation.Now.ToUnixTimeMilliseconds(),
            JobArn = $"arn:aws:batch:eu-central-1:123456789012:service-job/{id}",
            JobId = id,
            JobName = "train",
            JobQueue = "arn:aws:batch:eu-central-1:123456789012:job-queue/sq",
            SchedulingPriority = 7,
            ServiceRequestPayload = Requests.Training(1),
            ServiceJobType = "SAGEMAKER_TRAINING",
            Status = "RUNNABLE",
            Tags = new Dictionary<string, string>(),
            TimeoutConfig = new() { AttemptDurationSeconds = 60 },
        });
        var summary = ServiceJobSummaries.Of(_emulation.Job(id));
        summary.Should().Match<Wire.ServiceJobSummary>(
            s => s.Status == "RUNNABLE" && s.LatestAttempt == null && s.IsTerminated == null && s.CapacityUsage == null);
    }

    [Fact]
    public void Job_that_was_handed_over_shows_its_usage()
    {
        var id = _emulation.SubmitService(instances: 2);

        Shown(id).CapacityUsage.Should().Equal(new Wire.ServiceJobCapacityUsageDetail { CapacityUnit = "ml.m5.large", Quantity = 2 });
        ServiceJobSummaries.Of(_emulation.Job(id)).Should().Match<Wire.ServiceJobSummary>(s =>
            s.Status == "SCHEDULED" && s.LatestAttempt != null && s.CapacityUsage!.Count == 1 && s.ScheduledAt == s.CreatedAt);
    }

    [Fact]
    public void Failure_is_reported_in_the_form_of_sagemaker()
    {
        string ReasonOf(AttemptEnd end)
        {
            var id = _emulation.SubmitService();
            _emulation.End(id, end);
            _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
            return _emulation.Job(id).StatusReason!;
        }

        ReasonOf(new AttemptExited([new("default", 3)])).Should().Be("Received status from SageMaker: AlgorithmError: , exit code: 3");
        ReasonOf(new AttemptExited([new("default", 1, "AlgorithmError: no data")])).Should()
            .Be("Received status from SageMaker: AlgorithmError: no data");
        ReasonOf(new AttemptNotStarted("ClientError: no such image")).Should()
            .Be("Received status from SageMaker: ClientError: no such image");
        ReasonOf(new AttemptHostLost()).Should()
            .Be("Received status from SageMaker: InternalServerError: We encountered an internal error. Please try again.");
        ReasonOf(new AttemptNotStarted(new string('x', 2000))).Should().HaveLength("Received status from SageMaker: ".Length + 1024);
    }

    [Fact]
    public void Failed_job_is_retried_by_its_strategy()
    {
        var id = _emulation.SubmitService(with: r => r with
        {
            RetryStrategy = new()
            {
                Attempts = 5,
                EvaluateOnExit =
                [
                    new() { Action = "RETRY", OnStatusReason = "Received status from SageMaker: InternalServerError*" },
                    new() { Action = "RETRY", OnStatusReason = "*Throttl*ed*" },
                    new() { Action = "EXIT", OnStatusReason = "*" },
                ],
            },
        });

        _emulation.End(id, new AttemptHostLost());
        _emulation.Job(id).Status.Should().Be(JobStatus.Scheduled);
        _emulation.End(id, new AttemptNotStarted("ThrottlingException: Throttled by the service"));
        _emulation.Start(id);
        _emulation.Exit(id, 1);

        var shown = Shown(id);
        shown.Status.Should().Be("FAILED");
        shown.Attempts!.Select(a => a.ServiceResourceId!.Value).Should().OnlyHaveUniqueItems().And.HaveCount(3);
        shown.RetryStrategy!.EvaluateOnExit![1].Should()
            .Be(new Wire.ServiceJobEvaluateOnExit { Action = "RETRY", OnStatusReason = "*Throttl*ed*" });
        shown.LatestAttempt!.ServiceResourceId.Should().Be(shown.Attempts![^1].ServiceResourceId);
    }

    [Fact]
    public void Attempt_that_times_out_is_stopped()
    {
        var id = _emulation.SubmitService(with: r => r with { TimeoutConfig = new() { AttemptDurationSeconds = 60 } });
        _emulation.Start(id);
        _emulation.Advance(TimeSpan.FromSeconds(60));
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(id));
        _emulation.Exit(id, 137);

        _emulation.Job(id).Should()
            .Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "Job attempt duration exceeded timeout");
    }

    [Fact]
    public void Terminated_job_shows_the_reason_of_the_caller()
    {
        var running = _emulation.SubmitService(instances: 2);
        var waiting = _emulation.SubmitService();
        Terminate(waiting);
        Terminate(_emulation.Job(running).Arn);
        _emulation.Job(running).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Exit(running, 143);
        Terminate(running);
        Terminate("00000000-0000-4000-8000-000000000000");

        foreach (var id in new[] { running, waiting })
        {
            Shown(id).Should()
                .Match<Wire.DescribeServiceJobResponse>(j => j.Status == "FAILED" && j.StatusReason == "enough" && j.IsTerminated == true);
            ServiceJobSummaries.Of(_emulation.Job(id)).IsTerminated.Should().BeTrue();
        }

        Shown(running).Attempts.Should().ContainSingle().Which.StatusReason.Should().Be("enough");
        Shown(waiting).Attempts.Should().BeEmpty();
    }

    [Fact]
    public void Arn_of_another_region_or_account_matches_no_job_of_this_one()
    {
        var id = _emulation.SubmitService();
        foreach (var arn in new[] { $"arn:aws:batch:us-east-1:123456789012:service-job/{id}", $"arn:aws:batch:eu-central-1:000000000000:service-job/{id}" })
        {
            Terminate(arn);
            _emulation.Call(Wire.Operations.TerminateServiceJobs, new() { Jobs = [arn], Reason = "enough" }).Successful.Should().BeEmpty();
            _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = arn, SchedulingPriority = 1 })).Should()
                .Throw<ClientException>()
                .WithMessage(OpenTexts.ServiceJobNotFound(arn));
        }

        _emulation.Stopped.Should().BeEmpty();
    }

    [Fact]
    public void Several_jobs_are_terminated_at_once()
    {
        var id = _emulation.SubmitService();

        var answer = _emulation.Call(
            Wire.Operations.TerminateServiceJobs, new() { Jobs = [_emulation.Job(id).Arn, "no-id"], Reason = "enough" });

        answer.Successful.Should().Equal(_emulation.Job(id).Arn);
        answer.Errors.Should().ContainSingle().Which.Should()
            .Match<Wire.TerminateServiceJobsErrorDetail>(e => e.Job == "no-id" && e.Code == "ValidationException");
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(id));
    }

    [Fact]
    public void Operations_of_container_jobs_leave_service_jobs_alone_and_vice_versa()
    {
        _emulation.Ready();
        var container = _emulation.Submit();
        var service = _emulation.SubmitService();
        _emulation.Terminate(service);
        _emulation.Cancel(service);
        Terminate(container);

        _emulation.Stopped.Should().BeEmpty();
        _emulation.Invoking(e => e.SubmitAfter(service)).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.DependencyNotFound(service));
        _emulation.Invoking(e => e.Submit(with: r => r with { JobQueue = "sq" })).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ServiceQueueTakesNoJobs);
        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "q" })).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.NotServiceQueue);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = container, SchedulingPriority = 1 })).Should()
            .Throw<ClientException>()
            .WithMessage(OpenTexts.ServiceJobNotFound(container));
    }

    [Fact]
    public void Deleted_queue_ends_its_jobs()
    {
        var running = _emulation.SubmitService(instances: 2);
        var waiting = _emulation.SubmitService();
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "sq", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);
        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "sq" });
        _emulation.Exit(running, 143);

        _emulation.Job(running).StatusReason.Should().Be("JobQueue deleted");
        _emulation.Job(waiting).StatusReason.Should().Be("JobQueue deleted");
    }

    private Wire.DescribeServiceJobResponse Shown(string id) => ServiceJobDetails.Of(_emulation.Job(id), new Dictionary<string, string>());

    private void Terminate(string id) => _emulation.Call(Wire.Operations.TerminateServiceJob, new() { JobId = id, Reason = "enough" });
}
