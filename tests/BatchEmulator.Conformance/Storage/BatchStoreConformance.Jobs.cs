using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Jobs with their parts: loading and queries.</summary>
public abstract partial class BatchStoreConformance
{
    [Fact]
    public void Job_is_loaded_with_every_member()
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
    public void Service_environment_and_service_job_are_loaded_with_every_member()
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
        Queries.Resources(ServiceEnvironment.Row, new ResourceQuery(Scope, null, 0, 10)).Should().ContainSingle().Which.Value.Should()
            .BeEquivalentTo(environment);
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
    public void Last_of_several_changes_of_a_job_is_stored()
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
    public void Nodes_are_loaded_with_their_job_and_beyond_its_end_until_they_have_ended()
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
}
