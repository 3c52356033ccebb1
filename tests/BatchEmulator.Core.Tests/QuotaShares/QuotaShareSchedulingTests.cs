using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Tests.QuotaShares;

/// <summary>Limits, lending and borrowing of quota shares (docs/aws-behaviour.md, section 9.7).</summary>
public sealed class QuotaShareSchedulingTests
{
    private readonly Emulation _emulation = new Emulation().ReadyForQuotaShares(instances: 4);

    [Fact]
    public void Submission_names_an_existing_share()
    {
        _emulation.Share("a", 2);
        _emulation.ReadyForServiceJobs();

        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "qq" })).Should()
            .Throw<ClientException>().WithMessage(OpenTexts.QuotaShareRequired);
        _emulation.Invoking(e => e.SubmitTo("b")).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaShareNotFound("b"));
        _emulation.Invoking(e => e.SubmitTo("a", retries: -1)).Should().Throw<ClientException>().WithMessage(OpenTexts.PreemptionRetries);
        _emulation.Invoking(e => e.SubmitService(with: r => r with { JobQueue = "qq", QuotaShareName = "a", ShareIdentifier = "x" }))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.ShareOfServiceJob);
        _emulation.Invoking(e => e.SubmitService(with: r => r with { QuotaShareName = "a" })).Should()
            .Throw<ClientException>().WithMessage(OpenTexts.QuotaShareOfServiceJob);
        var id = _emulation.SubmitTo("a", retries: 3);
        _emulation.Shown(id).Should().Match<Wire.DescribeServiceJobResponse>(j =>
            j.QuotaShareName == "a" && j.PreemptionConfiguration!.PreemptionRetriesBeforeTermination == 3 && j.PreemptionSummary == null);
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "RESERVE neither lends nor borrows")]
    public void Share_that_reserves_keeps_to_its_limits_and_lends_nothing()
    {
        _emulation.Share("reserves", 2, "RESERVE");
        _emulation.Share("borrows", 2);
        var own = Submit("reserves", 3);
        var borrowed = Submit("borrows", 3);

        own.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable);
        borrowed.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable);
        _emulation.Succeed(own[0]);
        _emulation.StatusOf(own[2]).Should().Be(JobStatus.Scheduled);
        _emulation.Succeed(own[1]);
        _emulation.StatusOf(borrowed[2]).Should().Be(JobStatus.Runnable, "idle capacity of the other share stays reserved");
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "LEND lends idle capacity, LEND_AND_BORROW also borrows")]
    public void Share_that_lends_gives_idle_capacity_to_one_that_borrows()
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 2);

        Submit("borrows", 5).Select(_emulation.StatusOf).Should()
            .Equal([.. Enumerable.Repeat(JobStatus.Scheduled, 4), JobStatus.Runnable]);
    }

    [Fact]
    public void Share_that_only_lends_keeps_to_its_limits()
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 2);

        Submit("lends", 3).Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(50, 3)]
    [InlineData(99, 3)]
    [InlineData(100, 4)]
    [InlineData(-1, 4)]
    [AwsRule("9.7", Evidence.Doc, "borrowLimit is a percentage of the share's own limits; -1 is without limit")]
    public void Borrow_limit_is_a_percentage_of_the_own_limit(int borrowLimit, int placed)
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 2, borrowLimit: borrowLimit);

        Submit("borrows", 5).Count(id => _emulation.StatusOf(id) == JobStatus.Scheduled).Should().Be(placed);
    }

    [Fact]
    public void Job_that_waits_blocks_its_share_and_no_other()
    {
        _emulation.Share("a", 2, "RESERVE");
        _emulation.Share("b", 2, "RESERVE");
        var (first, large, behind) = (_emulation.SubmitTo("a"), _emulation.SubmitTo("a", 2), _emulation.SubmitTo("a"));
        var other = _emulation.SubmitTo("b");

        new[] { first, large, behind, other }.Select(_emulation.StatusOf).Should()
            .Equal(JobStatus.Scheduled, JobStatus.Runnable, JobStatus.Runnable, JobStatus.Scheduled);
    }

    [Fact]
    public void Jobs_of_a_share_start_by_priority_then_in_the_order_of_submission()
    {
        _emulation.Share("a", 1, "RESERVE");
        var (running, low, high, high2) = (
            _emulation.SubmitTo("a"), _emulation.SubmitTo("a", priority: 1), _emulation.SubmitTo("a", priority: 2), _emulation.SubmitTo("a", priority: 2));

        foreach (var id in new[] { running, high, high2, low })
        {
            _emulation.StatusOf(id).Should().Be(JobStatus.Scheduled);
            _emulation.Succeed(id);
        }
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "idle capacity goes to borrowers first come, first served")]
    public void Idle_capacity_goes_to_the_job_that_was_submitted_first()
    {
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("a", 1);
        _emulation.Share("b", 1);
        var lenders = Submit("lends", 2);
        Submit("a", 1);
        Submit("b", 1);
        var (first, second) = (_emulation.SubmitTo("b"), _emulation.SubmitTo("a"));
        _emulation.StatusOf(first).Should().Be(JobStatus.Runnable);

        _emulation.Succeed(lenders[0]);
        _emulation.StatusOf(first).Should().Be(JobStatus.Scheduled);
        _emulation.StatusOf(second).Should().Be(JobStatus.Runnable);
        _emulation.Succeed(lenders[1]);
        _emulation.StatusOf(second).Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Nobody_borrows_what_a_job_within_the_limits_of_its_share_waits_for()
    {
        _emulation.Share("own", 4, "RESERVE");
        _emulation.Share("lends", 2, "LEND");
        _emulation.Share("borrows", 1);
        var (running, _) = (_emulation.SubmitTo("own", 2), _emulation.SubmitTo("borrows"));
        var waiting = _emulation.SubmitTo("own", 2);
        var borrowing = _emulation.SubmitTo("borrows");

        new[] { waiting, borrowing }.Select(_emulation.StatusOf).Should().Equal(JobStatus.Runnable, JobStatus.Runnable);
        _emulation.Succeed(running);
        new[] { waiting, borrowing }.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled);
    }

    [Fact]
    public void Instance_types_are_counted_apart()
    {
        _emulation.Call(Wire.Operations.UpdateServiceEnvironment, new()
        {
            ServiceEnvironment = "qe",
            CapacityLimits = [QuotaEmulation.Limit(2), QuotaEmulation.Limit(2, "ml.c5.large")],
        });
        _emulation.Share("a", 1, "RESERVE");
        _emulation.Update(new()
        {
            QuotaShareArn = Arn("a"),
            CapacityLimits = [QuotaEmulation.ShareLimit(1), QuotaEmulation.ShareLimit(1, "ml.c5.large")],
        });
        string SubmitOf(string type) => _emulation.SubmitService(
            with: r => r with { JobQueue = "qq", QuotaShareName = "a", ServiceRequestPayload = Requests.Training(1, type) });

        var (m5, c5, another) = (SubmitOf("ml.m5.large"), SubmitOf("ml.c5.large"), SubmitOf("ml.c5.large"));

        new[] { m5, c5, another }.Select(_emulation.StatusOf).Should().Equal(JobStatus.Scheduled, JobStatus.Scheduled, JobStatus.Runnable);
    }

    [Fact]
    public void Job_that_its_share_can_never_hold_has_a_reason_of_its_own()
    {
        _emulation.Share("a", 1, borrowLimit: 100);
        _emulation.Share("b", 2, "LEND");
        var fits = _emulation.SubmitTo("a", 2);
        var (never, larger) = (_emulation.SubmitTo("a", 3), _emulation.SubmitTo("b", 5));

        _emulation.StatusOf(fits).Should().Be(JobStatus.Scheduled);
        _emulation.Job(never).StatusReason.Should().Be(BlockedReason.ExceedsQuotaShare);
        _emulation.Job(larger).StatusReason.Should().Be(BlockedReason.TooManyInstances, "each share has a first job of its own");
        _emulation.Succeed(fits);
        _emulation.Update(new() { QuotaShareArn = Arn("a"), CapacityLimits = [QuotaEmulation.ShareLimit(3)] });
        _emulation.StatusOf(never).Should().Be(JobStatus.Scheduled);
    }

    [Fact]
    public void Listing_filters_by_share()
    {
        _emulation.Share("a", 2);
        _emulation.Share("b", 2);
        var (a, b) = (_emulation.SubmitTo("a"), _emulation.SubmitTo("b"));
        IEnumerable<string?> Listed(string filter, string share, string? status = null) => _emulation.Call(Wire.Operations.ListServiceJobs, new()
        {
            JobQueue = "qq",
            JobStatus = status,
            Filters = [new() { Name = filter, Values = [share] }],
        }).JobSummaryList!.Select(j => j.JobId);

        Listed("QUOTA_SHARE_NAME", "a").Should().Equal(a);
        Listed("QUOTA_SHARE_NAME", "b", "SCHEDULED").Should().Equal(b);
        Listed("QUOTA_SHARE_NAME", "b", "RUNNING").Should().BeEmpty();
        Listed("SHARE_IDENTIFIER", "a").Should().BeEmpty("a quota share is no share identifier");
        ServiceJobSummaries.Of(_emulation.Job(a)).QuotaShareName.Should().Be("a");
    }

    [Fact]
    [AwsRule("9.6", Evidence.Doc, "a snapshot shows the first job of each quota share, and what each share holds")]
    public void Snapshot_shows_the_front_and_the_use_of_each_share()
    {
        _emulation.Share("a", 1, "RESERVE");
        _emulation.Share("b", 3, "RESERVE");
        Submit("a", 1);
        _emulation.SubmitTo("b", 2);
        _emulation.Advance(TimeSpan.FromSeconds(5));
        var since = _emulation.Now.ToUnixTimeMilliseconds();
        var (first, _) = (_emulation.SubmitTo("a"), _emulation.SubmitTo("a"));
        _emulation.Advance(TimeSpan.FromSeconds(5));
        _emulation.Succeed(_emulation.SubmitTo("b"));
        var now = _emulation.Now.ToUnixTimeMilliseconds();

        var snapshot = _emulation.Call(Wire.Operations.GetJobQueueSnapshot, new() { JobQueue = "qq" });

        snapshot.FrontOfQueue!.Jobs.Should().BeEmpty();
        snapshot.FrontOfQuotaShares.Should().BeEquivalentTo(new Wire.FrontOfQuotaSharesDetail
        {
            QuotaShares = new Dictionary<string, IReadOnlyList<Wire.FrontOfQuotaShareJobSummary>>
            {
                ["a"] = [new() { JobArn = _emulation.Job(first).Arn, EarliestTimeAtPosition = since }],
                ["b"] = [],
            },
            LastUpdatedAt = now,
        });
        snapshot.QueueUtilization!.FairshareUtilization.Should().BeNull();
        snapshot.QueueUtilization.TotalCapacityUsage.Should().Equal(new Wire.QueueSnapshotCapacityUsage { CapacityUnit = "ml.m5.large", Quantity = 3 });
        snapshot.QueueUtilization.QuotaShareUtilization!.TopCapacityUtilization!
            .Select(s => (s.QuotaShareName, s.CapacityUsage![0].Quantity)).Should().Equal(("b", 2), ("a", 1));
    }

    private static string Arn(string share) => $"arn:aws:batch:eu-central-1:123456789012:job-queue/qq/quota-share/{share}";

    private List<string> Submit(string share, int count) => [.. Enumerable.Range(0, count).Select(_ => _emulation.SubmitTo(share))];
}
