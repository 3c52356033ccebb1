using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.ServiceJobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Carries out what the scheduling pass finds: RUNNABLE jobs become STARTING, service jobs SCHEDULED.</summary>
internal static class Placing
{
    /// <summary>Bounds the work of one turn; what is left over is placed in the next.</summary>
    public const int MaximumPerTurn = 2_000;

    /// <returns>Whether everything that could be placed was; otherwise the next turn is due at once.</returns>
    public static bool Run(Turn turn)
    {
        var state = turn.State;
        if (!state.NeedsScheduling)
        {
            return true;
        }

        var pass = new SchedulingPass(state.Runnable, state.Capacity, state.Environments, state.ConsumableResources, turn.Now);
        for (var placed = 0; pass.Next() is { } placement; placed++)
        {
            if (placed == MaximumPerTurn)
            {
                return false;
            }

            Place(turn, placement);
        }

        Blocking.Tell(turn);
        state.NeedsScheduling = false;
        return true;
    }

    private static void Place(Turn turn, Placement placement)
    {
        var (job, environmentArn) = placement;
        if (job.Specification.DispatchFailure is { } failure)
        {
            JobEnding.Fail(turn, job, failure);
        }
        else if (job.IsService)
        {
            HandOver(turn, job, environmentArn);
        }
        else
        {
            Place(turn, job, turn.State.ComputeEnvironments[environmentArn]);
        }
    }

    /// <summary>To the service that runs the job: here, to an executor.</summary>
    private static void HandOver(Turn turn, Job job, string environmentArn)
    {
        var progress = job.Service! with { Handovers = job.Service!.Handovers + 1, ScheduledAt = turn.Now, NotBefore = null };
        var name = TrainingLaunches.NameOf(job.Specification, turn.Ids.NewHex32());
        var scheduled = job.To(JobStatus.Scheduled) with
        {
            Service = progress,
            Current = new CurrentAttempt
            {
                Number = progress.Handovers,
                Placement = turn.State.NextPlacement,
                ComputeEnvironmentArn = environmentArn,
                TaskArn = Arn.TrainingJob(job.Scope, name),
                LogStreamName = TrainingLaunches.StreamName(name, turn.Now),
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

    /// <summary>Records that a job or a node is STARTING and asks for its attempt.</summary>
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
            LogStreamName = JobLog.StreamName(job, job.Workload.Container?.LogConfiguration, AttemptLaunches.DefaultContainer, attempt.TaskId),
            PrivateAddress = job.HasAddress ? PrivateAddress.Of(attempt.TaskArn) : null,
        },
    };
}
