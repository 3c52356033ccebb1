using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
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

        var plan = new SchedulingPass(SnapshotOf(turn.State, turn.Ids, turn.Now)).Run();
        foreach (var instance in plan.Launches)
        {
            turn.Record(new ResourceSaved(instance));
        }

        foreach (var decision in plan.Decisions)
        {
            CarryOut(turn, decision);
        }

        if (!plan.IsComplete)
        {
            return false;
        }

        turn.State.Fleets.Await(plan.Awaited);
        HeadReasons.Show(turn, plan.Heads);
        turn.State.Agenda.SchedulingDone(plan.Heads);
        if (plan.Launches.Count > 0 && plan.Awaited.Count > 0)
        {
            // The jobs may share the new instances in another way, once these exist.
            turn.State.Agenda.RequestScheduling();
        }

        return true;
    }

    /// <summary>Returns the state from which a scheduling pass decides.</summary>
    public static SchedulingSnapshot SnapshotOf(BatchState state, IIdSource ids, DateTimeOffset now) =>
        new()
        {
            Queues = state.Runnable.Queues,
            OrderingOf = arn => state.OrderingOf(arn)!,
            Environments = new Environments(state.Of<ComputeEnvironment>(), state.Of<ServiceEnvironment>()),
            Used = state.Capacity.Used,
            InstancesUsed = state.Capacity.InstancesUsed,
            ConsumableResources = state.Of<ConsumableResource>(),
            HasInstances = state.Options.HasInstances,
            FleetOf = state.Fleets.Of,
            Market = state.Market,
            ScaleUpDelay = state.Options.ScaleUpDelay,
            NewInstanceId = ids.NewHex32,
            NextSequence = state.NextSequence,
            Now = now,
        };

    private static void CarryOut(Turn turn, Decision decision)
    {
        switch (decision)
        {
            case Reject { Job: var job, Reason: var reason }:
                JobEnding.Fail(turn, job, reason);
                break;
            case Preempt preempt:
                Preemption.Begin(turn, preempt);
                break;
            case Place { Job: { IsService: true } job, EnvironmentArn: var arn }:
                HandOver(turn, job, arn);
                break;
            case Place { Job: var job, EnvironmentArn: var arn, Instances: var instances }:
                Place(turn, job, turn.State.Of<ComputeEnvironment>()[arn], instances);
                break;
            default:
                throw new NotSupportedException(decision.GetType().Name);
        }
    }

    /// <summary>Hands a job over to its service: here, to an executor.</summary>
    private static void HandOver(Turn turn, Job job, string environmentArn)
    {
        var progress = job.Service! with { Handovers = job.Service!.Handovers + 1, ScheduledAt = turn.Now, NotBefore = null, HasPreempted = false };
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

    private static void Place(Turn turn, Job job, ComputeEnvironment environment, IReadOnlyList<string> instances)
    {
        var attempt = new CurrentAttempt
        {
            Number = job.Attempts.Count + 1,
            Placement = turn.State.NextPlacement,
            ComputeEnvironmentArn = environment.Arn,
            TaskArn = Arn.Task(job.Scope, environment.ClusterName, turn.Ids.NewHex32()),
            ContainerInstanceArn = environment.IsFargate ? null
                : instances.Count > 0 ? instances[job.Specification.Nodes?.MainNode ?? 0]
                : Arn.ContainerInstance(job.Scope, environment.ClusterName, environment.ContainerInstanceId),
            InterruptedAt = environment is { IsFargate: true, Purchase: Purchase.Spot }
                ? Hazard.Draw(turn.State.Market, Hazard.FargateSpot, turn.State.NextPlacement, turn.Now)
                : null,
        };
        if (job.IsMultiNode)
        {
            turn.Record(Placed(job, attempt with { NodeInstances = instances.Count > 0 ? instances : null }));
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
