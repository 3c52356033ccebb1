using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;

namespace BatchEmulator.Core.Engine;

/// <summary>Carries out what the scheduling pass finds: RUNNABLE jobs become STARTING.</summary>
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

        var pass = new SchedulingPass(state.Runnable, state.Capacity, state.ComputeEnvironments, turn.Now);
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
        var (job, environment) = placement;
        if (job.Specification.DispatchFailure is { } failure)
        {
            JobEnding.Fail(turn, job, failure);
            return;
        }

        var attempt = new CurrentAttempt
        {
            Number = job.Attempts.Count + 1,
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
        },
    };
}
