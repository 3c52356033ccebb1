using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Quota shares and their jobs.</summary>
public abstract partial class BatchStoreConformance
{
    [Fact]
    public void Quota_share_and_preempted_job_are_loaded_with_every_member()
    {
        var share = ShareOf(Queue.Arn);
        var job = PreemptedJob(share);
        Store.Commit([new ResourceSaved(share), new ResourceSaved(Queue), new JobSaved(job with { Service = new() }, null)]);
        Store.Commit([new JobSaved(job, JobStatus.Submitted), new TagsPatched(share.Arn, new Dictionary<string, string?> { ["a"] = "1" })]);
        Reopen();

        Store.Load().Changes.Should().BeEquivalentTo<Change>(
            [new ResourceSaved(Queue), new ResourceSaved(share), new JobSaved(job, null)],
            o => o.RespectingRuntimeTypes().WithStrictOrdering());
        Queries.Resources(QuotaShare.Row, new ResourceQuery(Scope, [share.Arn], 0, 10)).Should().ContainSingle().Which.Value.Should()
            .BeEquivalentTo(share);
        Queries.Tags(Scope, share.Arn).Should().HaveCount(1);

        Store.Commit([new ResourceRemoved(share)]);
        Queries.Tags(Scope, share.Arn).Should().BeNull();
        Store.Load().Changes.OfType<ResourceSaved>().Should().ContainSingle().Which.Value.Should().BeEquivalentTo(Queue);
    }

    private static QuotaShare ShareOf(string queueArn) => new()
    {
        Arn = Arn.QuotaShare(queueArn, "s"),
        Scope = Scope,
        Name = "s",
        Sequence = 4,
        JobQueueArn = queueArn,
        CapacityLimits = [new() { CapacityUnit = "ml.m5.large", MaxCapacity = 2 }],
        ResourceSharing = new() { Strategy = "LEND_AND_BORROW", BorrowLimit = 50 },
        Preemption = new() { InSharePreemption = "ENABLED" },
        State = ResourceState.Enabled,
        Status = ResourceStatus.Creating,
        SettlesAt = Now,
    };

    private static Job PreemptedJob(QuotaShare share) => Job(10) with
    {
        Specification = new JobSpecification
        {
            JobName = "j",
            JobQueueArn = share.JobQueueArn,
            QuotaShareName = share.Name,
            Service = new() { Type = "SAGEMAKER_TRAINING", Payload = "{}", Instances = [new("ml.m5.large", 2)], PreemptionRetries = 3 },
            Needs = new ResourceAmounts(2000, 0),
        },
        Service = new()
        {
            HasPreempted = true,
            Preemptions = new()
            {
                UnderWay = "r",
                Count = 2,
                Recent = [new() { TaskArn = "t", StartedAt = Now, StoppedAt = Now, StatusReason = "p" }],
            },
        },
    };
}
