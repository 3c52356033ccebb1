using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Turns are atomic, and visible at once.</summary>
public abstract partial class BatchStoreConformance
{
    [Fact]
    public void Counts_cover_all_stored_objects()
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
    public void Changes_that_cannot_be_stored_undo_their_turn()
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
    public async Task Concurrent_reads_see_whole_turns()
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
        (await reader).Should()
            .OnlyContain(read => read.Count == jobs.Count && read.Distinct().Count() == 1, "all jobs change in one turn");
    }

    [Fact]
    public void Reset_removes_everything()
    {
        Store.Commit(
            [new ResourceSaved(Environment), new ResourceSaved(Queue), new JobDefinitionSaved(Definition(1)), new JobSaved(Job(10), null)]);

        Store.Commit([new EverythingRemoved()]);

        Store.Load().Changes.Should().BeEmpty();
        Store.Load().LastSequence.Should().Be(0);
    }

    private sealed record UnknownChange : Change;
}
