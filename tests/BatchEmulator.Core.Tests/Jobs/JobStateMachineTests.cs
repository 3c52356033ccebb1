using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Jobs;

public sealed class JobStateMachineTests
{
    private static readonly (JobStatus From, JobStatus To)[] Permitted =
    [
        (JobStatus.Submitted, JobStatus.Pending), (JobStatus.Submitted, JobStatus.Runnable), (JobStatus.Submitted, JobStatus.Failed),
        (JobStatus.Pending, JobStatus.Runnable), (JobStatus.Pending, JobStatus.Succeeded), (JobStatus.Pending, JobStatus.Failed),
        (JobStatus.Runnable, JobStatus.Starting), (JobStatus.Runnable, JobStatus.Failed),
        (JobStatus.Starting, JobStatus.Running), (JobStatus.Starting, JobStatus.Runnable), (JobStatus.Starting, JobStatus.Failed),
        (JobStatus.Running, JobStatus.Runnable), (JobStatus.Running, JobStatus.Succeeded), (JobStatus.Running, JobStatus.Failed),
    ];

    public static TheoryData<JobStatus, JobStatus> EveryPair()
    {
        var pairs = new TheoryData<JobStatus, JobStatus>();
        foreach (var from in Enum.GetValues<JobStatus>())
        {
            foreach (var to in Enum.GetValues<JobStatus>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Pair_of_states_is_permitted_exactly_when_listed(JobStatus from, JobStatus to)
    {
        var emulation = new Emulation().Ready();
        var job = emulation.Job(emulation.Submit()) with { Status = from };

        var move = () => job.To(to);

        if (Permitted.Contains((from, to)))
        {
            move().Status.Should().Be(to);
        }
        else
        {
            move.Should().Throw<InvalidOperationException>();
        }
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Service_job_is_scheduled_before_it_starts(JobStatus from, JobStatus to)
    {
        var emulation = new Emulation().ReadyForServiceJobs();
        var job = emulation.Job(emulation.SubmitService()) with { Status = from };
        var permitted = Permitted.Except([(JobStatus.Runnable, JobStatus.Starting)]).Union(
        [
            (JobStatus.Runnable, JobStatus.Scheduled), (JobStatus.Scheduled, JobStatus.Starting), (JobStatus.Scheduled, JobStatus.Runnable),
            (JobStatus.Scheduled, JobStatus.Failed),
        ]);

        JobStateMachine.Permits(job, to).Should().Be(permitted.Contains((from, to)));
    }

    [Fact]
    public void Node_that_has_ended_can_be_run_again()
    {
        var emulation = new Emulation().Ready();
        emulation.Define("nodes", _ => Requests.MultiNode(2));
        var id = emulation.Submit(with: r => r with { JobDefinition = "nodes" });
        foreach (var (from, to) in JobStateMachine.NodeTransitions)
        {
            (emulation.Job($"{id}#0") with { Status = from }).To(to).Status.Should().Be(JobStatus.Runnable);
            emulation.Job(id).Invoking(j => (j with { Status = from }).To(to)).Should().Throw<InvalidOperationException>();
        }
    }

    [Fact]
    public void Finished_job_does_not_change() =>
        JobStateMachine.Transitions.Should().NotContain(t => t.From.IsFinished());
}
