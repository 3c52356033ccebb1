using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Tests.QuotaShares;

/// <summary>Quota shares as resources (docs/aws-behaviour.md, sections 9.7 and 11).</summary>
public sealed class QuotaShareTests
{
    private const string Arn = "arn:aws:batch:eu-central-1:123456789012:job-queue/qq/quota-share/a";
    private readonly Emulation _emulation = new Emulation().ReadyForQuotaShares();

    public static TheoryData<string, string> Refused => new()
    {
        { """{"quotaShareName":"a b"}""", OpenTexts.QuotaShareName },
        { """{"jobQueue":"nowhere"}""", "JobQueue nowhere not found." },
        { """{"jobQueue":"sq"}""", OpenTexts.QuotaShareQueue },
        { """{"capacityLimits":[]}""", "Capacitylimits are required." },
        { """{"capacityLimits":[{"capacityUnit":"ml.m5.large"}]}""", "capacityLimits[0].maxCapacity is required." },
        { """{"capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":0}]}""", "Max capacity must be more than 0." },
        { """{"capacityLimits":[{"capacityUnit":"ml.m5.large","maxCapacity":1},{"capacityUnit":"ml.m5.large","maxCapacity":2}]}""", OpenTexts.CapacityUnitTwice },
        { """{"capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":1}]}""", OpenTexts.QuotaShareUnit("NUM_INSTANCES") },
        { """{"capacityLimits":[{"capacityUnit":"ml.c5.large","maxCapacity":1}]}""", OpenTexts.QuotaShareUnit("ml.c5.large") },
        { """{"resourceSharingConfiguration":{"strategy":"LEND","borrowLimit":100}}""", OpenTexts.BorrowLimitStrategy },
        { """{"resourceSharingConfiguration":{"strategy":"LEND_AND_BORROW","borrowLimit":-2}}""", OpenTexts.BorrowLimit },
        { """{"tags":{"aws:x":"y"}}""", OpenTexts.ReservedTag },
    };

    [Fact]
    [AwsRule("11", Evidence.Doc, "a quota share is CREATING, then VALID; borrowing has no limit by default")]
    public void Share_becomes_VALID_and_is_described_with_its_defaults()
    {
        var created = _emulation.Call(Wire.Operations.CreateQuotaShare, QuotaEmulation.Request("a", 2) with { Tags = new Dictionary<string, string> { ["k"] = "v" } });
        created.QuotaShareArn.Should().Be(Arn);
        Described().Status.Should().Be("CREATING");
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateQuotaShare, new() { QuotaShareArn = Arn })).Should()
            .Throw<ClientException>().WithMessage("Cannot update, resource is being modified.");
        _emulation.Advance(Settling.Duration);

        Described().Should().BeEquivalentTo(new Wire.DescribeQuotaShareResponse
        {
            QuotaShareName = "a",
            QuotaShareArn = Arn,
            JobQueueArn = "arn:aws:batch:eu-central-1:123456789012:job-queue/qq",
            CapacityLimits = [QuotaEmulation.ShareLimit(2)],
            ResourceSharingConfiguration = new() { Strategy = "LEND_AND_BORROW", BorrowLimit = -1 },
            PreemptionConfiguration = new() { InSharePreemption = "DISABLED" },
            State = "ENABLED",
            Status = "VALID",
            Tags = new Dictionary<string, string> { ["k"] = "v" },
        });
        _emulation.Call(Wire.Operations.UntagResource, new() { ResourceArn = Arn, TagKeys = ["k"] });
        _emulation.Call(Wire.Operations.ListTagsForResource, new() { ResourceArn = Arn }).Tags.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Creation_is_refused(string change, string text)
    {
        _emulation.ReadyForServiceJobs();
        var create = () => _emulation.Call(Wire.Operations.CreateQuotaShare, Json.Patched(QuotaEmulation.Request("a", 2), change));

        create.Should().Throw<ClientException>().WithMessage(text);
        _emulation.State.Of<QuotaShare>().Should().BeEmpty();
    }

    [Fact]
    [AwsRule("12", Evidence.Doc, "20 quota shares per queue")]
    public void Queue_has_at_most_20_shares_with_different_names()
    {
        for (var i = 0; i < 20; i++)
        {
            _emulation.Share($"share-{i}", 1);
        }

        _emulation.Invoking(e => e.Share("share-0", 1)).Should().Throw<ClientException>().WithMessage(OpenTexts.AlreadyExists);
        _emulation.Invoking(e => e.Share("share-20", 1)).Should().Throw<ClientException>().WithMessage(OpenTexts.TooManyQuotaShares);
        var first = _emulation.Call(Wire.Operations.ListQuotaShares, new() { JobQueue = "qq", MaxResults = 15 });
        var second = _emulation.Call(Wire.Operations.ListQuotaShares, new() { JobQueue = "qq", MaxResults = 15, NextToken = first.NextToken });
        first.QuotaShares!.Concat(second.QuotaShares!).Select(s => s.QuotaShareName).Should()
            .Equal(Enumerable.Range(0, 20).Select(i => $"share-{i}"));
        second.NextToken.Should().BeNull();
    }

    [Fact]
    public void Update_changes_what_it_names()
    {
        _emulation.Share("a", 2);
        _emulation.Call(Wire.Operations.UpdateQuotaShare, new()
        {
            QuotaShareArn = Arn,
            CapacityLimits = [QuotaEmulation.ShareLimit(3)],
            State = "DISABLED",
        });
        Described().Should().Match<Wire.DescribeQuotaShareResponse>(s =>
            s.Status == "UPDATING" && s.State == "DISABLED" && s.CapacityLimits![0].MaxCapacity == 3);
        _emulation.Advance(Settling.Duration);

        _emulation.Update(new() { QuotaShareArn = Arn, ResourceSharingConfiguration = new() { Strategy = "RESERVE" } });
        Described().Should().Match<Wire.DescribeQuotaShareResponse>(s =>
            s.Status == "VALID" && s.ResourceSharingConfiguration!.Strategy == "RESERVE" && s.ResourceSharingConfiguration.BorrowLimit == null);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateQuotaShare, new() { QuotaShareArn = Arn + "x" })).Should()
            .Throw<ClientException>().WithMessage(OpenTexts.QuotaShareNotFound(Arn + "x"));
    }

    [Fact]
    [AwsRule("9.7", Evidence.Doc, "a quota share is deleted once it is DISABLED; its jobs are ended")]
    public void Deletion_needs_DISABLED_and_ends_the_jobs_of_the_share()
    {
        _emulation.Share("a", 1, "RESERVE");
        var (running, waiting) = (_emulation.SubmitTo("a"), _emulation.SubmitTo("a"));
        var delete = () => _emulation.Call(Wire.Operations.DeleteQuotaShare, new() { QuotaShareArn = Arn });
        delete.Should().Throw<ClientException>().WithMessage(OpenTexts.DeleteNeedsDisabled);
        _emulation.Update(new() { QuotaShareArn = Arn, State = "DISABLED" });
        _emulation.Invoking(e => e.SubmitTo("a")).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaShareTakesNoJobs);

        delete();
        _emulation.Job(waiting).Should().Match<Job>(j => j.Status == JobStatus.Failed && j.StatusReason == StatusReasons.QuotaShareDeleted);
        _emulation.Advance(TimeSpan.FromSeconds(1));
        Described().Status.Should().Be("DELETING", "a job has not ended yet");
        _emulation.Restart();
        _emulation.Stopped(running);

        _emulation.Job(running).StatusReason.Should().Be(StatusReasons.QuotaShareDeleted);
        this.Invoking(t => t.Described()).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaShareNotFound(Arn));
        delete.Should().NotThrow("deleting what does not exist succeeds");
    }

    [Fact]
    public void Deletion_of_the_queue_removes_its_shares()
    {
        _emulation.Share("a", 1);
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "qq", State = "DISABLED" });
        _emulation.Advance(Settling.Duration);
        _emulation.Call(Wire.Operations.DeleteJobQueue, new() { JobQueue = "qq" });
        _emulation.Advance(Settling.Duration);

        _emulation.State.Of<JobQueue>().Should().BeEmpty();
        _emulation.State.Of<QuotaShare>().Should().BeEmpty();
        _emulation.Store.Load().Changes.Should().NotContain(change => change is Engine.ResourceSaved && ((Engine.ResourceSaved)change).Value is QuotaShare);
    }

    [Fact]
    [AwsRule("12", Evidence.Doc, "a quota-managed service environment has one queue")]
    public void Service_environment_of_shares_has_one_queue_and_limits_of_instance_types()
    {
        var (quota, fair) = (_emulation.QuotaPolicy("other"), _emulation.Call(Wire.Operations.CreateSchedulingPolicy, new() { Name = "fair" }).Arn);
        _emulation.ReadyForServiceJobs();
        void Create(string environment, string? policy) => _emulation.Call(
            Wire.Operations.CreateJobQueue, Requests.ServiceQueue("x", environment) with { SchedulingPolicyArn = policy });

        _emulation.Invoking(_ => Create("se", quota)).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaServiceEnvironment);
        _emulation.Invoking(_ => Create("qe", quota)).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaServiceEnvironmentInUse);
        _emulation.Invoking(_ => Create("qe", null)).Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaServiceEnvironmentInUse);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "sq", ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = "qe" }] }))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaServiceEnvironmentInUse);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "qq", SchedulingPolicyArn = fair }))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.PolicyKindOfQueue);
        _emulation.Invoking(e => e.Call(Wire.Operations.UpdateServiceEnvironment, new() { ServiceEnvironment = "qe", CapacityLimits = [new() { CapacityUnit = "NUM_INSTANCES", MaxCapacity = 9 }] }))
            .Should().Throw<ClientException>().WithMessage(OpenTexts.QuotaServiceEnvironment);
        _emulation.Call(Wire.Operations.UpdateJobQueue, new() { JobQueue = "qq", SchedulingPolicyArn = quota });
        _emulation.State.Of<ServiceEnvironment>().Should().HaveCount(2);
    }

    private Wire.DescribeQuotaShareResponse Described() =>
        _emulation.Call(Wire.Operations.DescribeQuotaShare, new() { QuotaShareArn = Arn });
}
