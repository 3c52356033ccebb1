using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Engine;

/// <summary>Runs the scheduling pass and carries out its plan: RUNNABLE jobs become STARTING, service jobs SCHEDULED.</summary>
internal static class PlanExecution
{
    /// <returns>True if all jobs that can be placed are; otherwise the next turn is due at once.</returns>
    public static bool Run(Turn turn)
    {
        if (!turn.State.Agenda.NeedsScheduling)
        {
            return true;
        }

        var plan = new SchedulingPass(SnapshotOf(turn)).Run();
        foreach (var decision in plan.Decisions)
        {
            CarryOut(turn, decision);
        }

        if (!plan.IsComplete)
        {
            return false;
        }

        HeadReasons.Show(turn, plan.Heads);
        turn.State.Agenda.SchedulingDone(plan.Heads);
        return true;
    }

    private static SchedulingSnapshot SnapshotOf(Turn turn)
    {
        var state = turn.State;
        return new SchedulingSnapshot
        {
            Queues = state.Runnable.Queues,
            OrderingOf = arn => state.OrderingOf(arn)!,
            Environments = new Environments(state.Of<ComputeEnvironment>(), state.Of<ServiceEnvironment>()),
            Used = state.Capacity.Used,
            InstancesUsed = state.Capacity.InstancesUsed,
            ConsumableResources = state.Of<ConsumableResource>(),
            ChecksInstanceTypes = state.Options.ChecksInstanceTypes,
            Now = turn.Now,
        };
    }

    private static void CarryOut(Turn turn, Decision decision)
    {
        switch (decision)
        {
            case Reject { Job: var job, Reason: var reason }:
                JobEnding.Fail(turn, job, reason);
                break;
            case Place { Job: { IsService: true } job, EnvironmentArn: var arn }:
                HandOver(turn, job, arn);
                break;
            case Place { Job: var job, EnvironmentArn: var arn }:
                Place(turn, job, turn.State.Of<ComputeEnvironment>()[arn]);
                break;
            default:
                throw new NotSupportedException(decision.GetType().Name);
        }
    }

    /// <summary>Hands a job over to its service: here, to an executor.</summary>
    private static void HandOver(Turn turn, Job job, string environmentArn)
    {
        var progress = job.Service! with { Handovers = job.Service!.Handovers + 1, ScheduledAt = turn.Now, NotBefore = null };
        var name = TrainingWork.NameOf(job.Specification, turn.Ids.NewHex32());
        var scheduled = job.To(JobStatus.Scheduled) with
        {
            Service = progress,
            Current = new CurrentAttempt
            {
                Number = progress.Handovers,
                Placement = turn.State.NextPlacement,
                ComputeEnvironmentArn = environmentArn,
                TaskArn = Arn.TrainingJob(job.Scope, name),
                LogStreamName = TrainingWork.StreamName(name, turn.Now),
            },
        };
        turn.Record(scheduled);
        turn.Request(new StartAttempt(AttemptLaunches.For(scheduled, turn.State.Options.JobEnvironment)));
    }

    private static void Place(Turn turn, Job job, ComputeEnvironment environment)
    {
        var attempt = new CurrentAttempt
        {
            Number = job.Attempts.Count + 1,
            Placement = turn.State.NextPlacement,
            ComputeEnvironmentArn = environment.Arn,
            TaskArn = Arn.Task(job.Scope, environment.ClusterName, turn.Ids.NewHex32()),
            ContainerInstanceArn = environment.IsFargate
                ? null
                : Arn.ContainerInstance(job.Scope, environment.ClusterName, environment.ContainerInstanceId),
        };
        if (job.IsMultiNode)
        {
            turn.Record(Placed(job, attempt));
            Start(turn, NodeProgress.MainNodeOf(turn, job), attempt);
        }
        else
        {
            Start(turn, job, attempt);
        }
    }

    /// <summary>Records that a job or a node is STARTING and requests its attempt.</summary>
    public static void Start(Turn turn, Job job, CurrentAttempt attempt)
    {
        var placed = Placed(job, attempt);
        turn.Record(placed);
        turn.Request(new StartAttempt(AttemptLaunches.For(placed, turn.State.Options.JobEnvironment)));
    }

    private static Job Placed(Job job, CurrentAttempt attempt) => job.To(JobStatus.Starting) with
    {
        Current = attempt with
        {
            LogStreamName = JobLog.StreamName(job, job.Work.LogConfiguration, AttemptLaunches.DefaultContainer, attempt.TaskId),
            PrivateAddress = job.HasAddress ? PrivateAddress.Of(attempt.TaskArn) : null,
        },
    };
}
