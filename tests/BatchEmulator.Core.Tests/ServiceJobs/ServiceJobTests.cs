using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Tests.ServiceJobs;

/// <summary>Service jobs (docs/aws-behaviour.md, section 11).</summary>
public sealed class ServiceJobTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForServiceJobs();

    [Fact]
    public void Job_goes_from_RUNNABLE_over_SCHEDULED_and_ends_in_the_words_of_sagemaker()
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
        shown.Should().Match<Wire.DescribeServiceJobResponse>(j => j.Status == "SUCCEEDED" && j.StatusReason == "Received status from SageMaker: Training job completed");
        shown.Should().Match<Wire.DescribeServiceJobResponse>(j =>
            j.ScheduledAt == scheduledAt && j.StartedAt == startedAt && j.StoppedAt == startedAt + 5000 && j.CreatedAt == scheduledAt && j.CapacityUsage == null);
        shown.Attempts.Should().ContainSingle().Which.Should().BeEquivalentTo(new Wire.ServiceJobAttemptDetail
        {
            ServiceResourceId = shown.LatestAttempt!.ServiceResourceId,
            StartedAt = startedAt,
            StoppedAt = startedAt + 5000,
            StatusReason = "Received status from SageMaker: Training job completed",
        });
        shown.LatestAttempt.ServiceResourceId!.Name.Should().Be("TrainingJobArn");
        shown.LatestAttempt.ServiceResourceId.Value.Should().MatchRegex("^arn:aws:sagemaker:eu-central-1:123456789012:training-job/AWSBatchmy-training-job[0-9a-f]{32}$");
    }

    [Fact]
    public void Job_that_waits_shows_what_was_asked_for_and_no_attempt()
    {
        _emulation.SubmitService(instances: 2);
        var id = _emulation.SubmitService(with: r => r with { SchedulingPriority = 7, TimeoutConfig = new() { AttemptDurationSeconds = 60 } });

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
        summary.Should().Match<Wire.ServiceJobSummary>(s => s.Status == "RUNNABLE" && s.LatestAttempt == null && s.IsTerminated == null && s.CapacityUsage == null);
    }

    [Fact]
    public void Job_that_was_handed_over_shows_what_it_uses()
    {
        var id = _emulation.SubmitService(instances: 2);

        Shown(id).CapacityUsage.Should().Equal(new Wire.ServiceJobCapacityUsageDetail { CapacityUnit = "ml.m5.large", Quantity = 2 });
        ServiceJobSummaries.Of(_emulation.Job(id)).Should().Match<Wire.ServiceJobSummary>(s =>
            s.Status == "SCHEDULED" && s.LatestAttempt != null && s.CapacityUsage!.Count == 1 && s.ScheduledAt == s.CreatedAt);
    }

    [Fact]
    public void Jobs_run_as_far_as_the_instances_of_their_environment_go()
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
    public void Limits_of_instance_types_count_each_by_itself()
    {
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new()
        {
            ServiceEnvironment = "se",
            CapacityLimits = [new() { CapacityUnit = "ml.m5.large", MaxCapacity = 1 }, new() { CapacityUnit = "ml.c5.large", MaxCapacity = 1 }],
        });
        string Submit(string type) => _emulation.SubmitService(with: r => r with { ServiceRequestPayload = Requests.Training(1, type) });
        var (first, other, second) = (Submit("ml.m5.large"), Submit("ml.c5.large"), Submit("ml.m5.large"));

        _emulation.Job(other).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Job(second).Status.Should().Be(JobStatus.Runnable);
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Scheduled);
        Submit("ml.p5.48xlarge").Should().Match<string>(id => _emulation.Job(id).StatusReason!.StartsWith("MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE"));
    }

    [Fact]
    public void Instance_groups_are_summed_up()
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
    public void Lowered_limits_leave_alone_what_runs_and_a_disabled_environment_takes_nothing()
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

    [Fact]
    public void Image_is_run_with_what_the_request_says()
    {
        var id = _emulation.SubmitService(with: r => r with
        {
            ServiceRequestPayload =
                """
                {"TrainingJobName":"t","AlgorithmSpecification":{"TrainingImage":"busybox","ContainerEntrypoint":["sh","-c"],"ContainerArguments":["echo $A"]},
                "Environment":{"A":"b"}}
                """,
        });

        var launch = _emulation.Running[_emulation.KeyOf(id)];
        launch.JobDefinition.Should().BeNull();
        var container = launch.Containers.Should().ContainSingle().Subject;
        container.Should().Match<ContainerLaunch>(c => c.Image == "busybox" && c.MemoryMiB == null && c.Vcpus == 0);
        container.EntryPoint.Should().Equal("sh", "-c");
        container.Command.Should().Equal("echo $A");
        var name = _emulation.Job(id).Current!.TaskId;
        name.Should().MatchRegex("^AWSBatcht[0-9a-f]{32}$");
        container.Environment.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["A"] = "b",
            ["TRAINING_JOB_NAME"] = name,
            ["TRAINING_JOB_ARN"] = $"arn:aws:sagemaker:eu-central-1:123456789012:training-job/{name}",
        });
        container.Log.Should().Be(new LogDestination("/aws/sagemaker/TrainingJobs", $"{name}/algo-1-{_emulation.Now.ToUnixTimeSeconds()}"));
    }

    [Fact]
    public void Image_without_a_command_is_told_to_train()
    {
        var id = _emulation.SubmitService();

        _emulation.Running[_emulation.KeyOf(id)].Containers[0].Should().Match<ContainerLaunch>(c => c.EntryPoint == null && c.Command.SequenceEqual(new[] { "train" }));
    }

    [Fact]
    public void Training_job_without_a_name_is_called_after_the_job_and_a_long_name_is_cut()
    {
        var id = _emulation.SubmitService("a_b", with: r => r with { ServiceRequestPayload = "{}" });
        _emulation.Job(id).Current!.TaskId.Should().MatchRegex("^AWSBatcha-b[0-9a-f]{32}$");
        var longer = _emulation.SubmitService(with: r => r with { ServiceRequestPayload = $$"""{"TrainingJobName":"{{new string('x', 63)}}"}""" });
        _emulation.Job(longer).Current!.TaskId.Should().HaveLength(63);
    }

    [Theory]
    [InlineData("no json", "The request is not JSON.")]
    [InlineData("[]", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"AlgorithmSpecification":7}""", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"AlgorithmSpecification":{"ContainerEntrypoint":["a",null]}}""", "A member of the request has a value of the wrong type.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":0}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":1.5}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceCount":99999999999}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceGroups":[{"InstanceType":"ml.a.large","InstanceCount":5},{"InstanceType":"ml.a.large","InstanceCount":-2}]}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"ResourceConfig":{"InstanceGroups":[]}}""", "InstanceCount must be a whole number from 1 to 10000.")]
    [InlineData("""{"TrainingJobName":"a/b"}""", "TrainingJobName does not match ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}.")]
    [InlineData("""{"Environment":{"A=B":"c"}}""", "A name in Environment does not match [a-zA-Z_][a-zA-Z0-9_]*.")]
    [InlineData("""{"AlgorithmSpecification":{"ContainerArguments":["a\u0000b"]}}""", "A text contains a character that is not allowed.")]
    [InlineData("""{"TrainingJobName":"\ud800"}""", "A member of the request has a value of the wrong type.")]
    public void Request_that_sagemaker_would_not_take_is_accepted_and_fails_when_it_is_handed_over(string payload, string text)
    {
        var id = _emulation.SubmitService(with: r => r with { ServiceRequestPayload = payload });

        _emulation.StatusesOf(id).Should().Equal(JobStatus.Submitted, JobStatus.Runnable, JobStatus.Failed);
        Shown(id).Should().Match<Wire.DescribeServiceJobResponse>(j =>
            j.StatusReason == $"Received status from SageMaker: ValidationException: {text}" && j.Attempts!.Count == 0 && j.LatestAttempt == null);
    }

    [Fact]
    public void Failure_is_told_in_the_form_of_sagemaker()
    {
        string ReasonOf(AttemptEnd end)
        {
            var id = _emulation.SubmitService();
            _emulation.End(id, end);
            _emulation.Job(id).Status.Should().Be(JobStatus.Failed);
            return _emulation.Job(id).StatusReason!;
        }

        ReasonOf(new AttemptExited([new("default", 3)])).Should().Be("Received status from SageMaker: AlgorithmError: , exit code: 3");
        ReasonOf(new AttemptExited([new("default", 1, "AlgorithmError: no data")])).Should().Be("Received status from SageMaker: AlgorithmError: no data");
        ReasonOf(new AttemptNotStarted("ClientError: no such image")).Should().Be("Received status from SageMaker: ClientError: no such image");
        ReasonOf(new AttemptHostLost()).Should().Be("Received status from SageMaker: InternalServerError: We encountered an internal error. Please try again.");
        ReasonOf(new AttemptNotStarted(new string('x', 2000))).Should().HaveLength("Received status from SageMaker: ".Length + 1024);
    }

    [Fact]
    public void Failed_job_is_tried_again_as_its_strategy_says()
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
        shown.RetryStrategy!.EvaluateOnExit![1].Should().Be(new Wire.ServiceJobEvaluateOnExit { Action = "RETRY", OnStatusReason = "*Throttl*ed*" });
        shown.LatestAttempt!.ServiceResourceId.Should().Be(shown.Attempts![^1].ServiceResourceId);
    }

    [Fact]
    public void Attempt_that_takes_too_long_is_stopped()
    {
        var id = _emulation.SubmitService(with: r => r with { TimeoutConfig = new() { AttemptDurationSeconds = 60 } });
        _emulation.Start(id);
        _emulation.Advance(TimeSpan.FromSeconds(60));
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(id));
        _emulation.Exit(id, 137);

        _emulation.Job(id).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "Job attempt duration exceeded timeout");
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
            Shown(id).Should().Match<Wire.DescribeServiceJobResponse>(j => j.Status == "FAILED" && j.StatusReason == "enough" && j.IsTerminated == true);
            ServiceJobSummaries.Of(_emulation.Job(id)).IsTerminated.Should().BeTrue();
        }

        Shown(running).Attempts.Should().ContainSingle().Which.StatusReason.Should().Be("enough");
        Shown(waiting).Attempts.Should().BeEmpty();
    }

    [Fact]
    public void Arn_of_another_region_or_account_names_no_job_of_this_one()
    {
        var id = _emulation.SubmitService();
        foreach (var arn in new[] { $"arn:aws:batch:us-east-1:123456789012:service-job/{id}", $"arn:aws:batch:eu-central-1:000000000000:service-job/{id}" })
        {
            Terminate(arn);
            _emulation.Call(Wire.Operations.TerminateServiceJobs, new() { Jobs = [arn], Reason = "enough" }).Successful.Should().BeEmpty();
            _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = arn, SchedulingPriority = 1 })).Should().Throw<ClientException>()
                .WithMessage(OpenTexts.ServiceJobNotFound(arn));
        }

        _emulation.Stopped.Should().BeEmpty();
    }

    [Fact]
    public void Several_jobs_are_terminated_at_once()
    {
        var id = _emulation.SubmitService();

        var answer = _emulation.Call(Wire.Operations.TerminateServiceJobs, new() { Jobs = [_emulation.Job(id).Arn, "no-id"], Reason = "enough" });

        answer.Successful.Should().Equal(_emulation.Job(id).Arn);
        answer.Errors.Should().ContainSingle().Which.Should().Match<Wire.TerminateServiceJobsErrorDetail>(e => e.Job == "no-id" && e.Code == "ValidationException");
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(id));
    }

    [Fact]
    public void Operations_of_container_jobs_leave_service_jobs_alone_and_the_other_way_round()
    {
        _emulation.Ready();
        var container = _emulation.Submit();
        var service = _emulation.SubmitService();
        _emulation.Terminate(service);
        _emulation.Cancel(service);
        Terminate(container);

        _emulation.Stopped.Should().BeEmpty();
        _emulation.Invoking(e => e.SubmitAfter(service)).Should().Throw<ClientException>().WithMessage(OpenTexts.DependencyNotFound(service));
        _emulation.Invoking(e => e.Submit(with: r => r with { JobQueue = "sq" })).Should().Throw<ClientException>().WithMessage(OpenTexts.ServiceQueueTakesNoJobs);
        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "q" })).Should().Throw<ClientException>().WithMessage(OpenTexts.NotServiceQueue);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = container, SchedulingPriority = 1 })).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ServiceJobNotFound(container));
    }

    [Theory]
    [InlineData("""{"jobName":"a b"}""", "Job name should match valid pattern")]
    [InlineData("""{"schedulingPriority":10000}""", "Scheduling priority must be between 0 and 9999.")]
    [InlineData("""{"retryStrategy":{"attempts":11}}""", "RetryAttempts must be between 1 and 10.")]
    [InlineData("""{"retryStrategy":{"attempts":2,"evaluateOnExit":[{},{},{},{},{},{}]}}""", "Up to 5 evaluateOnExit condition can be specified.")]
    [InlineData("""{"timeoutConfig":{"attemptDurationSeconds":59}}""", "AttemptDurationSeconds in Timeout must be at least 60 seconds.")]
    [InlineData("""{"quotaShareName":"a"}""", OpenTexts.NoQuotaShares)]
    [InlineData("""{"preemptionConfiguration":{"preemptionRetriesBeforeTermination":1}}""", OpenTexts.NoQuotaShares)]
    [InlineData("""{"shareIdentifier":"a"}""", OpenTexts.ShareOfServiceJob)]
    [InlineData("""{"jobQueue":"nope"}""", "JobQueue nope not found.")]
    public void Submission_is_refused(string change, string text)
    {
        var submit = () => _emulation.Call(Wire.Operations.SubmitServiceJob, Json.Patched(Requests.ServiceJob(), change));

        submit.Should().Throw<ClientException>().WithMessage(text);
    }

    [Fact]
    public void Long_texts_are_refused()
    {
        _emulation.Invoking(e => e.SubmitService(with: r => r with { ServiceRequestPayload = new string('x', 10_241) })).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ServicePayloadLength);
        _emulation.Invoking(e => e.SubmitService(with: r => r with
        {
            RetryStrategy = new() { Attempts = 2, EvaluateOnExit = [new() { OnStatusReason = new string('x', 513) }] },
        })).Should().Throw<ClientException>().WithMessage("Evaluate on exit condition cannot exceed 512 characters.");
    }

    [Fact]
    public void Submission_with_a_token_that_was_used_is_refused()
    {
        string Submit() => _emulation.SubmitService(with: r => r with { ClientToken = "once" });
        var id = Submit();
        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>().WithMessage(OpenTexts.ClientTokenUsed);
        _emulation.Restart();
        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>();
        _emulation.Succeed(id);

        _emulation.Invoking(_ => Submit()).Should().Throw<ClientException>("the job is finished, but not forgotten");
        _emulation.SubmitService(with: r => r with { ClientToken = "twice" }).Should().NotBe(id);
    }

    [Fact]
    public void Priority_counts_within_a_share_and_can_be_changed()
    {
        var policy = _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "p" }).Arn;
        _emulation.Call(Wire.Operations.CreateJobQueue, Requests.ServiceQueue("fair", "se") with { SchedulingPolicyArn = policy });
        _emulation.Advance(Settling.Duration);
        string Submit(int priority) => _emulation.SubmitService(
            instances: 2, with: r => r with { JobQueue = "fair", ShareIdentifier = "a", SchedulingPriority = priority });
        var (first, second, third) = (Submit(1), Submit(1), Submit(2));
        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "fair" })).Should().Throw<ClientException>().WithMessage("shareIdentifier must be specified.");

        _emulation.Call(Wire.Operations.UpdateServiceJob, new() { JobId = _emulation.Job(second).Arn, SchedulingPriority = 3 })
            .Should().BeEquivalentTo(new Wire.UpdateServiceJobResponse { JobArn = _emulation.Job(second).Arn, JobName = "train", JobId = second });
        Shown(second).SchedulingPriority.Should().Be(3);
        _emulation.Restart();
        _emulation.Succeed(first);
        _emulation.Job(second).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(second);
        _emulation.Job(third).Status.Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(third);

        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = third, SchedulingPriority = 1 })).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ServiceJobNotFound(third));
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceJob, new() { JobId = third, SchedulingPriority = -1 })).Should().Throw<ClientException>()
            .WithMessage("Scheduling priority must be between 0 and 9999.");
    }

    [Fact]
    public void Job_that_comes_to_the_head_by_its_new_priority_starts_at_once()
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
