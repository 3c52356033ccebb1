using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Resources, job definitions and tags.</summary>
public abstract partial class BatchStoreConformance
{
    [Fact]
    public void Resources_are_loaded_as_they_were_saved()
    {
        Store.Commit([new ResourceSaved(Environment), new ResourceSaved(Queue), new JobDefinitionSaved(Definition(1))]);
        Reopen();

        var loaded = Store.Load();

        loaded.LastSequence.Should().Be(3);
        loaded.Changes.Should().BeEquivalentTo<Change>(
            [new ResourceSaved(Environment), new ResourceSaved(Queue), new JobDefinitionSaved(Definition(1))],
            o => o.RespectingRuntimeTypes().WithStrictOrdering());
    }

    [Fact]
    public void Policies_are_loaded_before_their_queues_and_usages_after_them()
    {
        var policy = new SchedulingPolicy
        {
            Arn = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/p",
            Scope = Scope,
            Name = "p",
            Sequence = 9,
            Fairshare = new() { ShareDistribution = [new() { ShareIdentifier = "a*", WeightFactor = 0.1f }] },
        };
        var note = new OrderingNote(Queue.Arn, "a", "1234.5678901234567", Now);
        var queue = Queue with { SchedulingPolicyArn = policy.Arn };
        Store.Commit([new ResourceSaved(Queue), new ResourceSaved(policy), new ResourceSaved(queue), new OrderingNoteSaved(note)]);
        Store.Commit([new OrderingNoteSaved(note with { Key = "b" }), new OrderingNoteSaved(note with { At = Now.AddSeconds(1) })]);
        Reopen();

        Store.Load().Changes.Should().BeEquivalentTo<Change>(
            [
                new ResourceSaved(policy), new ResourceSaved(queue), new OrderingNoteSaved(note with { At = Now.AddSeconds(1) }),
                new OrderingNoteSaved(note with { Key = "b" }),
            ],
            o => o.RespectingRuntimeTypes().WithStrictOrdering());
        Queries.Resources(SchedulingPolicy.Row, new ResourceQuery(Scope, [policy.Arn], 0, 10)).Should().ContainSingle().Which.Value.Should()
            .BeEquivalentTo(policy);

        Store.Commit([new OrderingNoteRemoved(note)]);
        Store.Load().Changes.OfType<OrderingNoteSaved>().Should().ContainSingle().Which.Value.Key.Should().Be("b");
        Store.Commit([new ResourceRemoved(queue), new ResourceRemoved(policy)]);
        Store.Commit([new ResourceSaved(Queue)]);
        Store.Load().Changes.Should().ContainSingle("a queue takes its usages along");
    }

    [Fact]
    public void Consumable_resource_is_loaded_with_its_jobs()
    {
        var resource = new ConsumableResource
        {
            Arn = Arn.ConsumableResource(Scope, "licence"),
            Scope = Scope,
            Name = "licence",
            Sequence = 3,
            Type = "REPLENISHABLE",
            Quantity = 5,
            InUse = 2,
            CreatedAt = Now,
            Updates = [new("token", Now)],
        };
        var job = Job(10) with { Specification = Job(10).Specification with { Units = [new(resource.Arn, 2), new("other", 1)] } };
        Store.Commit([new ResourceSaved(Queue), new ResourceSaved(resource), new JobSaved(job, null), new JobSaved(Job(11), null)]);
        Reopen();

        Store.Load().Changes
            .OfType<ResourceSaved>()
            .Select(c => c.Value)
            .OfType<ConsumableResource>()
            .Should()
            .ContainSingle().Which
            .Should()
            .BeEquivalentTo(resource);
        LoadedJobs()[0].Should().BeEquivalentTo(job);
        Queries.Resources(ConsumableResource.Row, new ResourceQuery(Scope, [resource.Arn], 0, 10))
            .Should()
            .ContainSingle().Which.Value
            .Should()
            .BeEquivalentTo(resource);
        var query = new ConsumerQuery(Scope, resource.Arn, 10);
        Queries.Consumers(query).Should().ContainSingle().Which.Should().BeEquivalentTo(job);
        Queries.Consumers(query with { After = JobPlace.Of(job) }).Should().BeEmpty();
        Queries.Consumers(query with { Status = JobStatus.Failed }).Should().BeEmpty();
        Queries.Consumers(query with { Scope = Scope with { Region = "eu-west-1" } }).Should().BeEmpty();

        Store.Commit([new JobSaved(job with { Status = JobStatus.Failed, StoppedAt = Now }, JobStatus.Submitted), new FinishedJobsExpired(Now.AddMilliseconds(1)), new ResourceRemoved(resource)]);
        Queries.Consumers(query).Should().BeEmpty();
        Store.Load().Changes.OfType<ResourceSaved>().Select(c => c.Value).OfType<ConsumableResource>().Should().BeEmpty();
    }

    [Fact]
    public void Tags_are_patched_and_go_with_their_resource()
    {
        Store.Commit([new ResourceSaved(Queue), new TagsPatched(Queue.Arn, new Dictionary<string, string?> { ["a"] = "1", ["b\"'"] = "2", ["c"] = "" })]);
        Store.Commit([new TagsPatched(Queue.Arn, new Dictionary<string, string?> { ["a"] = null, ["d"] = "4" })]);

        Queries.Tags(Scope, Queue.Arn).Should().BeEquivalentTo(new Dictionary<string, string> { ["b\"'"] = "2", ["c"] = "", ["d"] = "4" });
        Store.Commit([new ResourceRemoved(Queue)]);
        Queries.Tags(Scope, Queue.Arn).Should().BeNull();
    }

    [Fact]
    public void Definitions_are_listed_newest_revision_first_page_by_page()
    {
        Store.Commit([.. Enumerable.Range(1, 3).Select(r => new JobDefinitionSaved(Definition(r)))]);
        Store.Commit([new JobDefinitionSaved(Definition(2) with { IsActive = false })]);

        Revisions(new JobDefinitionQuery(Scope, 10)).Should().Equal(3, 2, 1);
        Revisions(new JobDefinitionQuery(Scope, 2)).Should().Equal(3, 2);
        Revisions(new JobDefinitionQuery(Scope, 2) { After = ("d", 2) }).Should().Equal(1);
        Revisions(new JobDefinitionQuery(Scope, 10) { IsActive = false }).Should().Equal(2);
        Revisions(new JobDefinitionQuery(Scope, 10) { Arns = [Definition(1).Arn, "arn:unknown"] }).Should().Equal(1);
        Revisions(new JobDefinitionQuery(Scope with { Region = "eu-west-1" }, 10)).Should().BeEmpty();
    }

    [Fact]
    public void Purged_definition_is_gone_except_for_its_number()
    {
        var purged = Definition(2) with { IsActive = false, DeregisteredAt = Now };
        Store.Commit([.. Enumerable.Range(1, 2).Select(r => new JobDefinitionSaved(Definition(r)))]);
        Store.Commit([new JobDefinitionSaved(purged), new TagsPatched(purged.Arn, new Dictionary<string, string?> { ["a"] = "1" })]);
        Store.Commit([new JobDefinitionPurged(purged)]);
        Reopen();

        Revisions(new JobDefinitionQuery(Scope, 10)).Should().Equal(1);
        Revisions(new JobDefinitionQuery(Scope, 10) { Arns = [purged.Arn] }).Should().BeEmpty();
        Queries.Tags(Scope, purged.Arn).Should().BeNull();
        Store.Load().Changes.OfType<JobDefinitionPurged>().Should().ContainSingle().Which.Value.Revision.Should().Be(2);
    }
}
