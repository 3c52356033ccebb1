using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Retention of finished jobs.</summary>
public abstract partial class BatchStoreConformance
{
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
    public void Number_of_jobs_forgotten_at_once_is_bounded()
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
}
