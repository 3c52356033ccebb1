using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.QuotaShares;

/// <summary>Preemption in and between quota shares (docs/aws-behaviour.md, section 9.7).</summary>
public sealed class PreemptionTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForQuotaShares(instances: 4);

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "a preempted job is RUNNABLE again without losing an attempt",
        "Cross-share preemption triggered to reclaim borrowed capacity")]
    public void Lent_capacity_is_taken_back_when_jobs_of_the_lender_arrive()
    {
        ShareTwoAndTwo();
        var borrowers = Submit("borrows", 4);
        _emulation.Start(borrowers[3]);
        var startedAt = _emulation.Now.ToUnixTimeMilliseconds();
        _emulation.Advance(TimeSpan.FromSeconds(7));
        var own = _emulation.SubmitTo("lends");

        _emulation.StatusOf(own).Should().Be(JobStatus.Runnable, "the borrower has not stopped yet");
        _emulation.Stopped.Should().Equal(_emulation.KeyOf(borrowers[3]));
        StepsOf(borrowers[3]).Should().Equal(PreemptionStep.Started);
        _emulation.Stopped(borrowers[3]);

        _emulation.StatusOf(own).Should().Be(JobStatus.Scheduled);
        _emulation.StatusOf(borrowers[3]).Should().Be(JobStatus.Runnable);
        StepsOf(borrowers[3]).Should().Equal(PreemptionStep.Started, PreemptionStep.Completed);
        var shown = _emulation.Shown(borrowers[3]);
        shown.Attempts.Should().BeEmpty();
        shown.PreemptionSummary!.PreemptedAttemptCount.Should().Be(1);
        shown.PreemptionSummary.RecentPreemptedAttempts.Should().ContainSingle().Which.Should().Match<Wire.ServiceJobPreemptedAttempt>(a =>
            a.StartedAt == startedAt && a.StoppedAt == startedAt + 7000 && a.StatusReason == StatusReasons.CrossSharePreemption
                && a.ServiceResourceId!.Name == "TrainingJobArn");
        _emulation.Succeed(own);
        _emulation.StatusOf(borrowers[3]).Should().Be(JobStatus.Scheduled, "the capacity is idle again");
        _emulation.Succeed(borrowers[3]);
        _emulation.Shown(borrowers[3]).Attempts.Should().ContainSingle();
    }

    [Fact]
    public void One_job_is_preempted_for_one_that_waits_however_often_the_scheduler_runs()
    {
        ShareTwoAndTwo();
        Submit("borrows", 4);
        _emulation.SubmitTo("lends");
        _emulation.SubmitTo("borrows");
        _emulation.Restart();
        _emulation.Turn();
        _emulation.SubmitTo("borrows");

        _emulation.Stopped.Should().ContainSingle();
    }

    [Fact]
    public void Each_job_of_the_lender_takes_back_what_it_needs_at_once()
    {
        ShareTwoAndTwo();
        var borrowers = Submit("borrows", 4);
        var own = Submit("lends", 3);

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(borrowers[3], borrowers[2]);
        _emulation.Stopped(borrowers[2]);
        _emulation.StatusOf(own[0]).Should().Be(JobStatus.Scheduled, "the first of the share comes first, whichever job has stopped");
        _emulation.Stopped(borrowers[3]);
        own.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable);
    }

    [Fact]
    public void Preempted_are_only_borrowers_the_lowest_priority_first_then_the_latest()
    {
        var emulation = new Emulation().ReadyForQuotaShares(instances: 6);
        emulation.Share("lends", 3, "LEND");
        emulation.Share("borrows", 1);
        emulation.Share("keeps", 2);
        var high = emulation.SubmitTo("borrows", priority: 5);
        var low = emulation.SubmitTo("borrows", priority: 1);
        var low2 = emulation.SubmitTo("borrows", priority: 1);
        var lowest = emulation.SubmitTo("keeps");
        var middle = emulation.SubmitTo("borrows", priority: 3);

        emulation.SubmitTo("lends", 3);

        emulation.Stopped.Select(k => k.JobId).Should().Equal(low2, low);
        new[] { high, middle, lowest }.Should().AllSatisfy(id => emulation.StatusOf(id).Should().Be(JobStatus.Scheduled));
    }

    [Fact]
    public void Superfluous_victims_are_spared()
    {
        _emulation.Share("lends", 3, "LEND");
        _emulation.Share("borrows", 1);
        var small = _emulation.SubmitTo("borrows", 1, priority: 1);
        var large = _emulation.SubmitTo("borrows", 3, priority: 2);

        _emulation.SubmitTo("lends", 3);

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(large);
        _emulation.StatusOf(small).Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "lowered limits make the jobs beyond them eligible for preemption")]
    public void Lowered_limits_make_jobs_eligible_but_preempt_none_by_themselves()
    {
        _emulation.Share("lowered", 4, "RESERVE");
        var jobs = Submit("lowered", 4);
        _emulation.Update(new() { QuotaShareArn = Arn("lowered"), CapacityLimits = [QuotaEmulation.ShareLimit(2)] });
        _emulation.Share("other", 2, "RESERVE");
        _emulation.Stopped.Should().BeEmpty();

        var other = _emulation.SubmitTo("other");

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(jobs[3]);
        _emulation.Stopped(jobs[3]);
        _emulation.StatusOf(other).Should().Be(JobStatus.Scheduled);
        _emulation.StatusOf(jobs[3]).Should().Be(JobStatus.Runnable);
    }

    [Fact]
    public void Jobs_beyond_lowered_limits_stay_while_instances_belong_to_no_share()
    {
        var emulation = new Emulation().ReadyForQuotaShares(instances: 10);
        emulation.Share("lowered", 4, "RESERVE");
        emulation.Share("lends", 2, "LEND");
        emulation.SubmitTo("lowered", 4);
        emulation.Update(new() { QuotaShareArn = Arn("lowered"), CapacityLimits = [QuotaEmulation.ShareLimit(1)] });

        emulation.StatusOf(emulation.SubmitTo("lends", 2)).Should().Be(JobStatus.Scheduled);
        emulation.Stopped.Should().BeEmpty();
    }

    [Fact]
    public void Job_that_waits_for_a_preemption_blocks_its_share()
    {
        const string other = "ml.c5.large";
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new()
        {
            ServiceEnvironment = "qe",
            CapacityLimits = [QuotaEmulation.Limit(2), QuotaEmulation.Limit(2, other)],
        });
        ShareTwoAndTwo();
        foreach (var share in new[] { "lends", "borrows" })
        {
            _emulation.Update(new()
            {
                QuotaShareArn = Arn(share),
                CapacityLimits = [QuotaEmulation.ShareLimit(1), QuotaEmulation.ShareLimit(1, other)],
            });
        }

        string SubmitOf(string share, string type) => _emulation.SubmitService(
            with: r => r with { JobQueue = "qq", QuotaShareName = share, ServiceRequestPayload = Requests.Training(1, type) });
        var (_, borrowed) = (SubmitOf("borrows", other), SubmitOf("borrows", other));
        var (first, second) = (SubmitOf("lends", other), SubmitOf("lends", QuotaEmulation.Type));

        _emulation.StatusOf(second).Should().Be(JobStatus.Runnable, "no job of the share overtakes the first one, although there is room");
        _emulation.Stopped(borrowed);
        new[] { first, second }.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled);
    }

    [Fact]
    public void Nothing_is_preempted_if_it_would_not_be_enough()
    {
        _emulation.Share("a", 4);
        _emulation.Share("b", 1);
        _emulation.Share("lends", 1, "LEND");
        Submit("a", 3);
        _emulation.SubmitTo("b");

        _emulation.SubmitTo("a", 2);

        _emulation.Stopped.Should().BeEmpty("no share has borrowed anything");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [AwsRule("9.7", Evidence.Doc, "preemptionRetriesBeforeTermination limits how often a preempted job is RUNNABLE again; with 0 it is FAILED at once")]
    public void Job_fails_when_it_was_preempted_more_often_than_it_may_be_tried_again(int retries, int preemptions)
    {
        ShareTwoAndTwo();
        Submit("borrows", 3);
        var id = _emulation.SubmitTo("borrows", retries: retries);
        for (var count = 1; count <= preemptions; count++)
        {
            _emulation.StatusOf(id).Should().Be(JobStatus.Scheduled);
            var own = _emulation.SubmitTo("lends");
            _emulation.Stopped(id);
            _emulation.Succeed(own);
        }

        _emulation.Job(id).Should().Match<Job>(j =>
            j.Status == JobStatus.Failed && j.StatusReason == StatusReasons.CrossSharePreemption && j.Attempts.Count == 0);
        _emulation.Shown(id).PreemptionSummary!.PreemptedAttemptCount.Should().Be(preemptions);
    }

    [Fact]
    public void Summary_shows_the_latest_preempted_attempts()
    {
        ShareTwoAndTwo();
        Submit("borrows", 3);
        var id = _emulation.SubmitTo("borrows");
        for (var count = 1; count <= 12; count++)
        {
            var own = _emulation.SubmitTo("lends");
            _emulation.Advance(TimeSpan.FromSeconds(1));
            _emulation.Stopped(id);
            _emulation.Succeed(own);
        }

        _emulation.Restart();
        var summary = _emulation.Shown(id).PreemptionSummary!;
        summary.PreemptedAttemptCount.Should().Be(12);
        summary.RecentPreemptedAttempts.Should().HaveCount(ServiceJobPreemptions.MaximumRecent).And.BeInAscendingOrder(a => a.StoppedAt);
        summary.RecentPreemptedAttempts![^1].StoppedAt.Should().Be(_emulation.Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "in-share preemption: a RUNNABLE job of higher priority ousts one of lower priority")]
    public void Job_of_higher_priority_preempts_one_of_lower_priority_in_its_share()
    {
        _emulation.Share("a", 2, "RESERVE", inShare: "ENABLED");
        var (first, second) = (_emulation.SubmitTo("a", priority: 1), _emulation.SubmitTo("a", priority: 2));
        var equal = _emulation.SubmitTo("a", priority: 1);
        _emulation.Stopped.Should().BeEmpty("equal priority preempts nothing");

        var urgent = _emulation.SubmitTo("a", priority: 3);

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(first);
        _emulation.Stopped(first);
        new[] { urgent, second, first, equal }.Select(_emulation.StatusOf).Should()
            .Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable, JobStatus.Runnable);
        _emulation.Shown(first).PreemptionSummary!.RecentPreemptedAttempts![0].StatusReason.Should().Be(OpenTexts.InSharePreemption);
    }

    [Fact]
    public void Changed_priorities_can_preempt()
    {
        _emulation.Share("a", 1, "RESERVE", inShare: "ENABLED");
        var (running, waiting) = (_emulation.SubmitTo("a", priority: 5), _emulation.SubmitTo("a", priority: 4));

        _emulation.Call(Wire.Operations.UpdateServiceJob, new() { JobId = running, SchedulingPriority = 3 });

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(running);
        _emulation.Stopped(running);
        _emulation.StatusOf(waiting).Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Without_in_share_preemption_a_job_of_higher_priority_waits()
    {
        _emulation.Share("a", 1, "RESERVE");
        _emulation.SubmitTo("a", priority: 1);

        _emulation.StatusOf(_emulation.SubmitTo("a", priority: 3)).Should().Be(JobStatus.Runnable);
        _emulation.Stopped.Should().BeEmpty();
    }

    [Fact]
    public void Borrowed_capacity_that_a_job_was_preempted_for_does_not_go_to_another_share()
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("a", 1, inShare: "ENABLED");
        _emulation.Share("b", 1);
        var (kept, low) = (_emulation.SubmitTo("a", priority: 9), _emulation.SubmitTo("a", priority: 1));
        Submit("b", 2);
        var earlier = _emulation.SubmitTo("b");
        var urgent = _emulation.SubmitTo("a", priority: 5);

        _emulation.Stopped.Select(k => k.JobId).Should().Equal(low);
        _emulation.Restart();
        _emulation.Stopped(low);

        _emulation.StatusOf(urgent).Should().Be(JobStatus.Scheduled);
        _emulation.StatusOf(earlier).Should().Be(JobStatus.Runnable);
        _emulation.StatusOf(kept).Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Terminated_job_that_is_being_preempted_fails_with_the_callers_reason()
    {
        ShareTwoAndTwo();
        var borrowers = Submit("borrows", 4);
        _emulation.SubmitTo("lends");
        _emulation.Call(Wire.Operations.TerminateServiceJob, new() { JobId = borrowers[3], Reason = "enough" });
        _emulation.Stopped(borrowers[3]);

        _emulation.Job(borrowers[3]).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == "enough");
    }

    [Fact]
    public void Job_that_ends_anyway_is_waited_for_and_no_other_is_preempted()
    {
        ShareTwoAndTwo();
        var borrowers = Submit("borrows", 4);
        _emulation.Call(Wire.Operations.TerminateServiceJob, new() { JobId = borrowers[0], Reason = "enough" });
        _emulation.Stopped.Clear();

        var own = _emulation.SubmitTo("lends");

        _emulation.Stopped.Should().BeEmpty();
        _emulation.Stopped(borrowers[0]);
        _emulation.StatusOf(own).Should().Be(JobStatus.Scheduled);
    }

    private static string Arn(string share) => $"arn:aws:batch:eu-central-1:123456789012:job-queue/qq/quota-share/{share}";

    private void ShareTwoAndTwo()
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 2);
    }

    private List<string> Submit(string share, int count) => [.. Enumerable.Range(0, count).Select(_ => _emulation.SubmitTo(share))];

    private IEnumerable<PreemptionStep> StepsOf(string id) =>
        _emulation.Changes.OfType<JobSaved>().Where(c => c.Value.Id == id).Select(c => c.Preemption).OfType<PreemptionStep>();
}
