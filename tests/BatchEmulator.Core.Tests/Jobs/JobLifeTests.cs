using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

/// <summary>A single job from submission to its end (docs/aws-behaviour.md, sections 5.9, 7.1, 7.3 and 7.6).</summary>
public sealed class JobLifeTests
{
    private readonly Emulation _emulation = new Emulation().Ready();

    [Fact]
    [Trait("Section", "7.3")]
    [AwsRule("7.1", Evidence.Doc, "SUBMITTED, PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED or FAILED")]
    public void Job_that_exits_with_zero_passes_through_every_state()
    {
        var id = _emulation.Submit();
        _emulation.Succeed(id);

        _emulation.StatusesOf(id).Should().Equal(
            JobStatus.Submitted, JobStatus.Runnable, JobStatus.Starting, JobStatus.Running, JobStatus.Succeeded);
        _emulation.Job(id).StatusReason.Should().Be("Essential container in task exited");
        _emulation.Job(id).Attempts.Should().ContainSingle().Which.ExitCode.Should().Be(0);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "the container ended by itself, with any code", "Essential container in task exited")]
    public void Job_that_exits_with_another_code_fails_with_the_same_reason()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);
        _emulation.Exit(id, 3);

        var job = _emulation.Job(id);
        job.Status.Should().Be(JobStatus.Failed);
        job.StatusReason.Should().Be("Essential container in task exited");
        job.Attempts[0].ExitCode.Should().Be(3);
        job.Attempts[0].Reason.Should().BeNull();
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "it did not start", "Task failed to start")]
    public void Attempt_that_cannot_start_fails_with_the_containers_reason()
    {
        var id = _emulation.Submit();
        _emulation.End(id, new AttemptNotStarted("CannotPullContainerError: Error response from daemon: not found"));

        var job = _emulation.Job(id);
        job.StatusReason.Should().Be("Task failed to start");
        job.StartedAt.Should().BeNull();
        job.StoppedAt.Should().Be(_emulation.Now);
        job.Attempts[0].Reason.Should().StartWith("CannotPullContainerError");
        job.Attempts[0].LogStreamName.Should().StartWith("d/default/", "it was placed");
    }

    [Fact]
    [AwsRule("7.3", Evidence.Infer, "the secrets of a task cannot be had", "ResourceInitializationError: <message>")]
    public void Task_that_cannot_be_prepared_has_its_own_reason()
    {
        var id = _emulation.Submit();
        _emulation.End(id, new AttemptNotStarted("ResourceInitializationError: unable to pull secrets or registry auth"));

        var job = _emulation.Job(id);
        job.StatusReason.Should().Be("ResourceInitializationError: unable to pull secrets or registry auth");
        job.Attempts[0].Should().Match<Attempt>(a => a.StatusReason == job.StatusReason && a.Reason == null && a.ExitCode == null);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "the host is lost", "Host EC2 (instance i-0<id>) terminated.")]
    public void Reason_of_a_lost_host_has_its_ec2_instance_id()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);
        _emulation.End(id, new AttemptHostLost());

        _emulation.Job(id).StatusReason.Should().Match("Host EC2 (instance i-0????????????????) terminated.");
    }

    [Fact]
    [AwsRule("7.1", Evidence.Doc, "SUBMITTED, PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED or FAILED")]
    public void Exit_without_a_reported_start_passes_through_running()
    {
        var id = _emulation.Submit();
        _emulation.Exit(id);

        _emulation.StatusesOf(id).Should().EndWith([JobStatus.Running, JobStatus.Succeeded]);
        _emulation.Job(id).StartedAt.Should().Be(_emulation.Now);
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "attempts are all tries")]
    [AwsRule("7.1", Evidence.Doc, "a failed attempt is appended, and the job is RUNNABLE again")]
    public void Failed_attempts_are_retried_until_the_strategy_is_exhausted()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 3 } });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            _emulation.KeyOf(id).Attempt.Should().Be(attempt);
            _emulation.Running[_emulation.KeyOf(id)].Containers[0].Environment
                .Should().Contain(new KeyValuePair<string, string>("AWS_BATCH_JOB_ATTEMPT", attempt.ToString()));
            _emulation.Start(id);
            _emulation.Exit(id, attempt);
        }

        var job = _emulation.Job(id);
        job.Status.Should().Be(JobStatus.Failed);
        job.Attempts.Select(a => a.ExitCode).Should().Equal(1, 2, 3);
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "a retried job goes to the front of its queue")]
    public void Retried_job_goes_to_the_front_of_its_queue()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var first = emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        emulation.Start(first);
        var second = emulation.Submit();

        emulation.Exit(first, 1);

        emulation.Job(first).Status.Should().Be(JobStatus.Starting);
        emulation.Job(second).Status.Should().Be(JobStatus.Runnable);
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "a timeout is not retried")]
    [AwsRule("7.1", Evidence.Doc, "the timeout counts from RUNNING")]
    [AwsRule("7.3", Evidence.Client, "timeout", "Job attempt duration exceeded timeout")]
    public void Timeout_stops_the_attempt_and_fails_the_job_without_a_retry()
    {
        var id = _emulation.Submit(
            with: r => r with { Timeout = new() { AttemptDurationSeconds = 60 }, RetryStrategy = new() { Attempts = 3 } });
        _emulation.Advance(TimeSpan.FromMinutes(5));
        _emulation.Stopped.Should().BeEmpty("the clock starts when the job runs");
        _emulation.Start(id);
        _emulation.Advance(TimeSpan.FromSeconds(59));
        _emulation.Stopped.Should().BeEmpty();

        _emulation.Advance(TimeSpan.FromSeconds(1));
        _emulation.Stopped.Should().Equal(new AttemptKey(id, 1));
        _emulation.Exit(id, 137);

        var job = _emulation.Job(id);
        job.Status.Should().Be(JobStatus.Failed);
        job.StatusReason.Should().Be("Job attempt duration exceeded timeout");
        job.Attempts.Should().ContainSingle().Which.StatusReason.Should().Be("Job attempt duration exceeded timeout");
    }

    [Fact]
    [AwsRule("7.1", Evidence.Doc, "the timeout counts from RUNNING")]
    public void Timeout_outlives_a_restart()
    {
        var id = _emulation.Submit(with: r => r with { Timeout = new() { AttemptDurationSeconds = 60 } });
        _emulation.Start(id);
        _emulation.Restart();

        _emulation.Advance(TimeSpan.FromSeconds(60));

        _emulation.Stopped.Should().Equal(new AttemptKey(id, 1));
    }

    [Fact]
    [AwsRule("5.9", Evidence.Doc, "a termination is not retried")]
    [AwsRule("7.6", Evidence.Doc, "TerminateJob stops what runs")]
    [AwsRule("7.6", Evidence.Doc, "isCancelled, isTerminated")]
    [AwsRule("7.3", Evidence.Rec, "TerminateJob and CancelJob: the caller's reason", "Terminated by the user")]
    public void Terminated_job_shows_the_callers_reason_and_is_not_retried()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 3 } });
        _emulation.Start(id);
        _emulation.Terminate(id, "Terminated by the user");
        _emulation.Job(id).Status.Should().Be(JobStatus.Running, "the attempt has to stop first");
        _emulation.Exit(id, 143);

        var job = _emulation.Job(id);
        job.Status.Should().Be(JobStatus.Failed);
        job.StatusReason.Should().Be("Terminated by the user");
        job.Attempts[0].StatusReason.Should().Be("Terminated by the user");
        job.IsTerminated.Should().BeTrue();
        job.IsCancelled.Should().BeFalse();
    }

    [Fact]
    [Trait("Section", "7.3")]
    [AwsRule("7.6", Evidence.Doc, "CancelJob ends what has not started, and leaves alone what has")]
    [AwsRule("7.6", Evidence.Doc, "isCancelled, isTerminated")]
    public void Cancelled_waiting_job_fails_at_once()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        emulation.Submit();
        var waiting = emulation.Submit();

        emulation.Cancel(waiting, "changed my mind");

        var job = emulation.Job(waiting);
        job.Status.Should().Be(JobStatus.Failed);
        job.StatusReason.Should().Be("changed my mind");
        job.IsCancelled.Should().BeTrue();
        job.Attempts.Should().BeEmpty();
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "CancelJob ends what has not started, and leaves alone what has")]
    public void Cancelling_a_running_job_changes_nothing()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);

        _emulation.Cancel(id);

        _emulation.Job(id).Status.Should().Be(JobStatus.Running);
        _emulation.Job(id).IsCancelled.Should().BeFalse();
        _emulation.Stopped.Should().BeEmpty();
    }

    [Theory]
    [AwsRule("7.6", Evidence.Rec, "an unknown or malformed id is no error")]
    [InlineData("f1f1f1f1-0000-4000-8000-000000000000")]
    [InlineData("no such id")]
    public void Ending_an_unknown_job_is_no_error(string id)
    {
        _emulation.Cancel(id);
        _emulation.Terminate(id);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Rec, "memory exhausted, 137", "OutOfMemoryError: Container killed due to memory usage")]
    public void Exhausted_memory_is_the_containers_reason()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);
        _emulation.Exit(id, 137, "OutOfMemoryError: Container killed due to memory usage");

        _emulation.Job(id).StatusReason.Should().Be("Essential container in task exited");
        _emulation.Job(id).Attempts[0].Reason.Should().Be("OutOfMemoryError: Container killed due to memory usage");
    }

    [Theory]
    [AwsRule("7.3", Evidence.Infer, "the host of a task of FARGATE_SPOT is lost", "Your Spot Task was interrupted.")]
    [InlineData("FARGATE_SPOT", "Your Spot Task was interrupted.")]
    [InlineData("FARGATE", "Host EC2 (instance i-0*) terminated.")]
    public void Lost_task_of_fargate_spot_was_interrupted(string type, string reason)
    {
        var emulation = new Emulation();
        emulation.Call(
            Wire.Operations.CreateComputeEnvironment,
            Requests.Fargate() with { ComputeResources = Requests.Fargate().ComputeResources! with { Type = type } });
        emulation.Advance(Resources.Settling.Duration);
        emulation.Queue("q", 1, "fargate");
        emulation.Define(with: r => r with { PlatformCapabilities = ["FARGATE"], ContainerProperties = Requests.Container("0.25", "512") with { ExecutionRoleArn = "arn:aws:iam::123456789012:role/r" } });
        var id = emulation.Submit();
        emulation.Start(id);

        emulation.End(id, new AttemptHostLost());

        emulation.Job(id).StatusReason.Should().Match(reason);
    }

    [Theory]
    [AwsRule("7.3", Evidence.Doc, "the container's reason has at most 255 characters")]
    [InlineData("x", 300, 255)]
    [InlineData("\ud83d\ude80", 150, 254)]
    public void Reason_of_a_container_has_255_characters(string character, int count, int length)
    {
        var reason = string.Concat(Enumerable.Repeat(character, count));
        var (exited, notStarted) = (_emulation.Submit(), _emulation.Submit());
        _emulation.Start(exited);

        _emulation.Exit(exited, 1, reason);
        _emulation.End(notStarted, new AttemptNotStarted(reason));

        _emulation.Job(exited).Attempts[0].Reason.Should().Be(reason[..length]);
        _emulation.Job(notStarted).Attempts[0].Reason.Should().Be(reason[..length]);
    }

    [Fact]
    [AwsRule("7.3", Evidence.Client, "the queue was deleted", "JobQueue deleted")]
    public void Array_of_a_deleted_queue_fails_with_its_children()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        emulation.Submit();
        var array = emulation.SubmitArray(2);
        emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "q", State = "DISABLED" });
        emulation.Advance(TimeSpan.FromSeconds(1));

        emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "q" });

        emulation.Job($"{array}:0").StatusReason.Should().Be("JobQueue deleted");
        emulation.Job($"{array}:0").Attempts.Should().BeEmpty();
        emulation.Job(array).StatusReason.Should().Be("Array Child Job failed");
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "CancelJob ends what has not started, and leaves alone what has")]
    public void Starting_job_is_left_alone_by_cancelling_and_stopped_by_terminating()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 3 } });

        _emulation.Cancel(id);
        _emulation.Stopped.Should().BeEmpty();
        _emulation.Terminate(id, "too slow");

        _emulation.Stopped.Should().Equal(new AttemptKey(id, 1));
        _emulation.Job(id).Status.Should().Be(JobStatus.Starting, "the attempt has to stop first");
        _emulation.End(id, new AttemptExited([new ContainerEnd("default", null)]));
        (_emulation.Job(id).Status, _emulation.Job(id).StatusReason).Should().Be((JobStatus.Failed, "too slow"));
        (_emulation.Job(id).IsCancelled, _emulation.Job(id).IsTerminated).Should().Be((false, true));
    }

    [Fact]
    [AwsRule("7.6", Evidence.Doc, "a PENDING job ends when its dependencies are finished")]
    public void Terminated_waiting_job_is_cancelled_and_one_with_dependencies_after_them()
    {
        var emulation = new Emulation().Ready(maxVcpus: 1);
        var running = emulation.Submit();
        var runnable = emulation.Submit();
        var pending = emulation.SubmitAfter(running);

        emulation.Terminate(runnable, "enough");
        emulation.Terminate(pending, "enough");

        (emulation.Job(runnable).Status, emulation.Job(runnable).StatusReason, emulation.Job(runnable).IsTerminated).Should()
            .Be((JobStatus.Failed, "enough", true));
        emulation.Job(pending).Status.Should().Be(JobStatus.Pending);
        emulation.Succeed(running);
        (emulation.Job(pending).Status, emulation.Job(pending).StatusReason).Should().Be((JobStatus.Failed, "enough"));
    }

    [Fact]
    [AwsRule("7.6", Evidence.Client, "neither is a finished job, or one that is being ended")]
    public void First_reason_stays()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);

        _emulation.Terminate(id, "first");
        _emulation.Terminate(id, "second");
        _emulation.Exit(id, 143);
        _emulation.Terminate(id, "third");
        _emulation.Cancel(id, "fourth");

        _emulation.Job(id).StatusReason.Should().Be("first");
        _emulation.Stopped.Should().ContainSingle();
    }

    [Theory]
    [AwsRule("7.6", Evidence.Open, "empty id, empty or too long reason")]
    [InlineData("", "r", OpenTexts.EmptyJobId)]
    [InlineData("f1f1f1f1-0000-4000-8000-000000000000", "", OpenTexts.ReasonLength)]
    [InlineData("f1f1f1f1-0000-4000-8000-000000000000", null, "reason is required.")]
    [InlineData(null, "r", "jobId is required.")]
    public void Job_and_reason_are_needed(string? jobId, string? reason, string text)
    {
        _emulation.Invoking(e => e.Call(Wire.Operations.CancelJob, new() { JobId = jobId, Reason = reason }))
            .Should()
            .Throw<ClientException>()
            .WithMessage(text);
        _emulation.Invoking(e => e.Call(Wire.Operations.TerminateJob, new() { JobId = jobId, Reason = reason }))
            .Should()
            .Throw<ClientException>()
            .WithMessage(text);
    }

    [Fact]
    [AwsRule("7.6", Evidence.Open, "empty id, empty or too long reason")]
    public void Reason_has_at_most_1024_characters()
    {
        var id = _emulation.Submit();
        _emulation.Start(id);

        _emulation.Invoking(e => e.Terminate(id, new string('x', 1025))).Should().Throw<ClientException>()
            .WithMessage(OpenTexts.ReasonLength);
        _emulation.Terminate(id, new string('x', 1024));
        _emulation.Exit(id, 143);

        _emulation.Job(id).StatusReason.Should().HaveLength(1024);
    }

    [Fact]
    [Trait("Section", "7.1")]
    public void Event_of_an_old_attempt_is_ignored()
    {
        var id = _emulation.Submit(with: r => r with { RetryStrategy = new() { Attempts = 2 } });
        var old = _emulation.KeyOf(id);
        _emulation.Start(id);
        _emulation.Exit(id, 1);

        _emulation.Turn(new AttemptEnded(old, new AttemptExited([new ContainerEnd("default", 0)])));

        _emulation.Job(id).Status.Should().Be(JobStatus.Starting);
        _emulation.Job(id).Attempts.Should().ContainSingle();
    }
}
