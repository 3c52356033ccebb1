using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>What every store must do: keep the changes of a turn all or none, load what is not finished, and show what is committed at once.</summary>
public abstract class BatchStoreConformance : IDisposable
{
    private static readonly Scope Scope = new("123456789012", "us-east-1");
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private IBatchStore? _store;

    protected abstract IBatchStore OpenStore();

    protected abstract IBatchQueries Queries { get; }

    /// <summary>Whether a store that is opened again holds what it held when it was disposed.</summary>
    protected virtual bool IsDurable => true;

    private IBatchStore Store => _store ??= OpenStore();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _store?.Dispose();

    [Fact]
    public void Resources_come_back_as_they_were_saved()
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
    public void Policies_come_back_before_the_queues_that_use_them_and_usages_after()
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
        Queries.Resources(SchedulingPolicy.Row, new ResourceQuery(Scope, [policy.Arn], 0, 10)).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(policy);

        Store.Commit([new OrderingNoteRemoved(note)]);
        Store.Load().Changes.OfType<OrderingNoteSaved>().Should().ContainSingle().Which.Value.Key.Should().Be("b");
        Store.Commit([new ResourceRemoved(queue), new ResourceRemoved(policy)]);
        Store.Commit([new ResourceSaved(Queue)]);
        Store.Load().Changes.Should().ContainSingle("a queue takes its usages along");
    }

    [Fact]
    public void Job_comes_back_with_every_member()
    {
        var job = Job(10) with
        {
            Status = JobStatus.Running,
            StatusReason = "r",
            StartedAt = Now,
            StopReason = "stop",
            IsTerminated = true,
            Attempts = [new Attempt { TaskArn = "t", StoppedAt = Now, StatusReason = "x", ExitCode = 3, Reason = "y", StartedAt = Now, LogStreamName = "l", ContainerInstanceArn = "c" }],
            Current = new CurrentAttempt { Number = 2, ComputeEnvironmentArn = "ce", TaskArn = "a/b/c", LogStreamName = "s", StartedAt = Now, PrivateAddress = "10.0.0.1" },
        };
        Store.Commit([new ResourceSaved(Queue), new JobSaved(job, null)]);
        Reopen();

        LoadedJobs().Should().ContainSingle().Which.Should().BeEquivalentTo(job);
        Queries.Jobs(Scope, [job.Id]).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(job);
    }

    [Fact]
    public void Service_environment_and_service_job_come_back_with_every_member()
    {
        var environment = new ServiceEnvironment
        {
            Arn = Arn.ServiceEnvironment(Scope, "se"),
            Scope = Scope,
            Name = "se",
            Sequence = 3,
            Type = "SAGEMAKER_TRAINING",
            CapacityLimits = [new() { CapacityUnit = "NUM_INSTANCES", MaxCapacity = 2 }],
            State = ResourceState.Disabled,
            Status = ResourceStatus.Updating,
            SettlesAt = Now,
        };
        var queue = Queue with { ComputeEnvironmentOrder = [], ServiceEnvironmentOrder = [new() { Order = 1, ServiceEnvironment = environment.Arn }] };
        var job = Job(10) with
        {
            Specification = new JobSpecification
            {
                JobName = "j",
                JobQueueArn = Queue.Arn,
                Service = new() { Type = "SAGEMAKER_TRAINING", Payload = "{}", Instances = [new("ml.m5.large", 2)], ClientToken = "token" },
                Needs = new ResourceAmounts(2000, 0),
            },
            Service = new() { Handovers = 3, ScheduledAt = Now, NoCapacitySince = Now, NotBefore = Now, SchedulingPriority = 4 },
        };
        Store.Commit([new ResourceSaved(environment), new ResourceSaved(queue), new JobSaved(job with { Service = new() }, null), new TagsPatched(job.Arn, new Dictionary<string, string?> { ["a"] = "1" })]);
        Store.Commit([new JobSaved(job, JobStatus.Submitted)]);
        Reopen();

        Store.Load().Changes.Should().BeEquivalentTo<Change>(
            [new ResourceSaved(environment), new ResourceSaved(queue), new JobSaved(job, null)], o => o.RespectingRuntimeTypes().WithStrictOrdering());
        Queries.Resources(ServiceEnvironment.Row, new ResourceQuery(Scope, null, 0, 10)).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(environment);
        Queries.Jobs(Scope, [job.Id]).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(job);
        Queries.HasClientToken(Scope, "token").Should().BeTrue();
        Queries.HasClientToken(Scope, "other").Should().BeFalse();
        Queries.HasClientToken(Scope with { Region = "eu-west-1" }, "token").Should().BeFalse();
        Queries.Tags(Scope, job.Arn).Should().HaveCount(1);
        Queries.Tags(Scope, Arn.Job(Scope, job.Id)).Should().BeNull("the ARN of a service job is another");

        Store.Commit([new JobSaved(job with { Status = JobStatus.Failed, StoppedAt = Now }, JobStatus.Submitted), new FinishedJobsExpired(Now.AddMilliseconds(1)), new ResourceRemoved(environment)]);
        Queries.HasClientToken(Scope, "token").Should().BeFalse("the job is forgotten");
        Queries.Tags(Scope, job.Arn).Should().BeNull();
        Store.Load().Changes.Should().ContainSingle();
    }

    [Fact]
    public void Consumable_resource_comes_back_and_knows_its_jobs()
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

        Store.Load().Changes.OfType<ResourceSaved>().Select(c => c.Value).OfType<ConsumableResource>().Should().ContainSingle().Which.Should().BeEquivalentTo(resource);
        LoadedJobs()[0].Should().BeEquivalentTo(job);
        Queries.Resources(ConsumableResource.Row, new ResourceQuery(Scope, [resource.Arn], 0, 10)).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(resource);
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
    public void Last_of_several_changes_of_a_job_counts()
    {
        var job = Job(10);
        Store.Commit([new ResourceSaved(Queue), new JobSaved(job, null), new JobSaved(job with { Status = JobStatus.Runnable }, JobStatus.Submitted)]);
        Store.Commit([new JobSaved(job with { Status = JobStatus.Starting }, JobStatus.Runnable)]);

        LoadedJobs().Should().ContainSingle().Which.Status.Should().Be(JobStatus.Starting);
    }

    [Fact]
    public void Finished_jobs_are_read_but_not_loaded()
    {
        var job = Job(10) with { Status = JobStatus.Succeeded, StoppedAt = Now };
        Store.Commit([new ResourceSaved(Queue), new JobSaved(job, null)]);

        LoadedJobs().Should().BeEmpty();
        Store.Load().LastSequence.Should().Be(10);
        Queries.Jobs(Scope, [job.Id]).Should().ContainSingle();
    }

    [Fact]
    public void Children_share_their_parents_specification_and_finished_ones_are_loaded_with_it()
    {
        var (parent, children) = Array(10, size: 3);
        Store.Commit([new ResourceSaved(Queue), new JobSaved(parent, null), .. children.Select(c => new JobSaved(c, null))]);
        Store.Commit([new JobSaved(children[1] with { Status = JobStatus.Failed, StoppedAt = Now }, JobStatus.Runnable)]);
        Reopen();

        var loaded = LoadedJobs();

        loaded.Select(j => j.Id).Should().Equal([parent.Id, .. children.Select(c => c.Id)]);
        loaded[2].Status.Should().Be(JobStatus.Failed);
        loaded[1].Specification.Should().BeSameAs(loaded[0].Specification);
        Queries.ChildStatuses(parent).Should().Equal(JobStatus.Runnable, JobStatus.Failed, JobStatus.Runnable);
        Queries.Jobs(Scope, [JobIds.Child(parent.Id, 2)]).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(children[2]);
        Queries.Jobs(Scope, [JobIds.Child(parent.Id, 3)]).Should().BeEmpty();
    }

    [Fact]
    public void Nodes_are_loaded_with_their_job_and_after_it_until_they_have_ended()
    {
        var (job, nodes) = MultiNode(10, count: 2);
        Store.Commit([new ResourceSaved(Queue), new JobSaved(job, null), .. nodes.Select(n => new JobSaved(n, null))]);
        Store.Commit([new JobSaved(nodes[1] with { Status = JobStatus.Succeeded, StoppedAt = Now }, JobStatus.Running)]);
        Reopen();
        LoadedJobs().Select(j => j.Id).Should().Equal(job.Id, nodes[0].Id, nodes[1].Id);
        Queries.Jobs(Scope, [nodes[0].Id, JobIds.Child(job.Id, 1)]).Should().ContainSingle().Which.Value.Should().BeEquivalentTo(nodes[0]);
        Queries.ListJobs(new JobQuery(Scope, 10) { MultiNodeJobId = job.Id }).Jobs.Select(j => j.Id)
            .Should().Equal(nodes[0].Id, nodes[1].Id);
        Queries.ListJobs(new JobQuery(Scope, 10) { ArrayJobId = job.Id }).Jobs.Should().BeEmpty();

        Store.Commit([new JobSaved(job with { Status = JobStatus.Succeeded, Current = null, StoppedAt = Now }, JobStatus.Running)]);
        Reopen();

        LoadedJobs().Should().ContainSingle().Which.Should().BeEquivalentTo(nodes[0]);
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
    public void Purged_definition_is_gone_but_for_its_number()
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

    [Fact]
    public void Jobs_past_retention_are_forgotten_with_their_children()
    {
        var (parent, children) = Array(10, size: 2);
        Store.Commit([new ResourceSaved(Queue), new JobSaved(parent, null), .. children.Select(c => new JobSaved(c, null)), new JobSaved(Job(20), null)]);
        Store.Commit(
        [
            .. children.Select(c => new JobSaved(c with { Status = JobStatus.Succeeded, StoppedAt = Now }, JobStatus.Runnable)),
            new JobSaved(parent with { Status = JobStatus.Succeeded, StoppedAt = Now }, JobStatus.Pending),
        ]);

        Store.Commit([new FinishedJobsExpired(Now)]);
        Queries.Jobs(Scope, [parent.Id]).Should().ContainSingle("it is not past");
        Store.Commit([new FinishedJobsExpired(Now.AddMilliseconds(1))]);

        Queries.Jobs(Scope, [parent.Id, children[0].Id]).Should().BeEmpty();
        Queries.Jobs(Scope, [Job(20).Id]).Should().ContainSingle("it is not finished");
    }

    [Fact]
    public void Number_of_jobs_that_are_forgotten_at_once_is_bounded()
    {
        var jobs = Enumerable.Range(10, FinishedJobsExpired.MaximumAtOnce + 1)
            .Select(sequence => Job(sequence) with { Status = JobStatus.Succeeded, StoppedAt = Now });
        Store.Commit([new ResourceSaved(Queue), .. jobs.Select(job => new JobSaved(job, null))]);

        Store.Commit([new FinishedJobsExpired(Now.AddMilliseconds(1))]);
        Queries.Count().Jobs["SUCCEEDED"].Should().Be(1);

        Store.Commit([new FinishedJobsExpired(Now.AddMilliseconds(1))]);
        Queries.Count().Jobs["SUCCEEDED"].Should().Be(0);
    }

    [Fact]
    public void Node_that_was_forgotten_with_its_job_stays_forgotten_when_it_ends()
    {
        var (job, nodes) = MultiNode(10, count: 2);
        Store.Commit([new ResourceSaved(Queue), new JobSaved(job, null), .. nodes.Select(n => new JobSaved(n, null))]);
        Store.Commit([new JobSaved(job with { Status = JobStatus.Succeeded, Current = null, StoppedAt = Now }, JobStatus.Running)]);
        Store.Commit([new FinishedJobsExpired(Now.AddMilliseconds(1))]);

        Store.Commit([new JobSaved(nodes[1] with { Status = JobStatus.Failed, StoppedAt = Now }, JobStatus.Running)]);

        Queries.Jobs(Scope, [job.Id, nodes[1].Id]).Should().BeEmpty();
        LoadedJobs().Should().BeEmpty();
    }

    [Fact]
    public void Counts_are_of_everything_that_is_stored()
    {
        var (parent, children) = Array(10, size: 3);
        Store.Commit(
        [
            new ResourceSaved(Environment), new ResourceSaved(Queue), new ResourceSaved(Queue with { Priority = 7 }),
            .. Enumerable.Range(1, 3).Select(revision => new JobDefinitionSaved(Definition(revision) with { Sequence = 100 + revision })),
            new JobSaved(parent, null), .. children.Select(c => new JobSaved(c, null)),
        ]);
        Store.Commit(
        [
            new JobDefinitionSaved(Definition(1) with { Sequence = 101, IsActive = false }),
            new JobDefinitionPurged(Definition(1) with { Sequence = 101, IsActive = false }),
            new JobSaved(children[1] with { Status = JobStatus.Failed, StoppedAt = Now }, JobStatus.Runnable),
        ]);

        var counts = Queries.Count();

        counts.Resources.Should().HaveCount(ResourceKinds.All.Count).And.Contain("computeEnvironments", 1).And.Contain("jobQueues", 1)
            .And.Contain("schedulingPolicies", 0);
        counts.JobDefinitions.Should().Be(2);
        counts.Jobs.Where(count => count.Value > 0).Should()
            .BeEquivalentTo(new Dictionary<string, long> { ["PENDING"] = 1, ["RUNNABLE"] = 2, ["FAILED"] = 1 });
        counts.Jobs.Should().HaveCount(Enum.GetValues<JobStatus>().Length);
    }

    [Fact]
    public void Changes_that_cannot_be_kept_leave_nothing_of_their_turn()
    {
        Store.Commit([new ResourceSaved(Queue)]);

        var commit = () => Store.Commit([new ResourceSaved(Environment), new JobSaved(Job(10), null), new UnknownChange()]);

        commit.Should().Throw<Exception>();
        Queries.Count().Resources["computeEnvironments"].Should().Be(0);
        Reopen();
        Store.Load().Changes.Should().ContainSingle();
        Queries.Jobs(Scope, [Job(10).Id]).Should().BeEmpty();
    }

    [Fact]
    public async Task Reads_beside_commits_see_whole_turns()
    {
        const int Turns = 40;
        var jobs = Enumerable.Range(10, 4).Select(sequence => Job(sequence)).ToList();
        Store.Commit([new ResourceSaved(Queue), .. jobs.Select(job => new JobSaved(job, null))]);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var reads = new List<IReadOnlyList<JobStatus>>();
            do
            {
                reads.Add([.. Queries.ListJobs(new JobQuery(Scope, 10) { JobQueueArn = Queue.Arn }).Jobs.Select(job => job.Status)]);
            }
            while (!done.IsCancellationRequested);

            return reads;
        });

        for (var turn = 1; turn <= Turns; turn++)
        {
            var (before, after) = turn % 2 == 0 ? (JobStatus.Running, JobStatus.Runnable) : (JobStatus.Runnable, JobStatus.Running);
            Store.Commit([.. jobs.Select(job => new JobSaved(job with { Status = after }, before))]);
        }

        await done.CancelAsync();
        (await reader).Should().OnlyContain(read => read.Count == jobs.Count && read.Distinct().Count() == 1, "all jobs change in one turn");
    }

    [Fact]
    public void Reset_removes_everything()
    {
        Store.Commit([new ResourceSaved(Environment), new ResourceSaved(Queue), new JobDefinitionSaved(Definition(1)), new JobSaved(Job(10), null)]);

        Store.Commit([new EverythingRemoved()]);

        Store.Load().Changes.Should().BeEmpty();
        Store.Load().LastSequence.Should().Be(0);
    }

    private static ComputeEnvironment Environment { get; } = new()
    {
        Arn = Arn.ComputeEnvironment(Scope, "ce"),
        Scope = Scope,
        Name = "ce",
        Sequence = 1,
        Uuid = "u",
        ClusterName = "c",
        ContainerInstanceId = new string('a', 32),
        Specification = new() { Type = "MANAGED", ServiceRole = "r", ComputeResources = new() { Type = "EC2", MaxvCpus = 4, Subnets = ["s"] } },
        State = ResourceState.Enabled,
        Status = ResourceStatus.Creating,
        SettlesAt = Now,
    };

    private static JobQueue Queue { get; } = new()
    {
        Arn = Arn.JobQueue(Scope, "q"),
        Scope = Scope,
        Name = "q",
        Sequence = 2,
        Priority = 5,
        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Environment.Arn }],
        State = ResourceState.Disabled,
        Status = ResourceStatus.Valid,
        StatusReason = "ok",
    };

    private static JobDefinition Definition(int revision) => new()
    {
        Arn = Arn.JobDefinition(Scope, "d", revision),
        Scope = Scope,
        Name = "d",
        Revision = revision,
        Sequence = revision + 2,
        IsActive = true,
        Specification = new() { Type = "container", Parameters = new Dictionary<string, string> { ["k"] = "v" }, ContainerProperties = new() { Image = "i" } },
    };

    private static Job Job(long sequence) => new()
    {
        Id = new Guid((int)sequence, 0, 0, new byte[8]).ToString(),
        Scope = Scope,
        Sequence = sequence,
        CreatedAt = Now,
        Status = JobStatus.Submitted,
        Specification = new JobSpecification
        {
            JobName = "j",
            JobQueueArn = Queue.Arn,
            JobDefinitionArn = Definition(1).Arn,
            Container = new() { Image = "i", Command = ["a"] },
            Needs = new ResourceAmounts(1500, 64),
        },
    };

    private static (Job Parent, List<Job> Children) Array(long sequence, int size)
    {
        var parent = Job(sequence) with
        {
            Status = JobStatus.Pending,
            Specification = Job(sequence).Specification with { ArraySize = size },
            Children = new ArraySummary([0, 0, size, 0, 0, 0, 0, 0], Now),
        };
        var children = Enumerable.Range(0, size).Select(i => parent with
        {
            Id = JobIds.Child(parent.Id, i),
            ParentId = parent.Id,
            Index = i,
            Sequence = sequence + 1 + i,
            Status = JobStatus.Runnable,
            BlockedSince = i == 2 ? Now : null,
            Children = null,
        }).ToList();
        return (parent, children);
    }

    private static (Job Job, List<Job> Nodes) MultiNode(long sequence, int count)
    {
        var attempt = new CurrentAttempt { Number = 1, ComputeEnvironmentArn = Environment.Arn, TaskArn = "arn:task/c/t", PrivateAddress = "10.0.0.1" };
        var job = Job(sequence) with
        {
            Status = JobStatus.Running,
            Current = attempt,
            Specification = Job(sequence).Specification with
            {
                Container = null,
                Nodes = new() { NumNodes = count, MainNode = 0, NodeRangeProperties = [new() { TargetNodes = "0:", Container = new() { Image = "i" } }] },
            },
        };
        var nodes = Enumerable.Range(0, count).Select(i => job with
        {
            Id = JobIds.Node(job.Id, i),
            ParentId = job.Id,
            Index = i,
            Sequence = sequence + 1 + i,
            Current = attempt with { MainNodeAddress = i == 0 ? null : attempt.PrivateAddress },
        }).ToList();
        return (job, nodes);
    }

    private List<Job> LoadedJobs() => [.. Store.Load().Changes.OfType<JobSaved>().Select(c => c.Value)];

    private IEnumerable<int> Revisions(JobDefinitionQuery query) => Queries.JobDefinitions(query).Select(d => d.Value.Revision);

    private void Reopen()
    {
        if (IsDurable)
        {
            _store!.Dispose();
            _store = null;
        }
    }

    private sealed record UnknownChange : Change;
}
