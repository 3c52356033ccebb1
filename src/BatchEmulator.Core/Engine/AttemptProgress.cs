using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Progress of a job when its attempt starts, ends or takes too long. Events of any other attempt than the current one are late and
/// ignored.
/// </summary>
internal static class AttemptProgress
{
    /// <summary>Instance id of an attempt that an environment without instances ran.</summary>
    private const string UnknownInstance = "i-00000000000000000";

    public static void Started(Turn turn, AttemptKey key, string? privateAddress)
    {
        if (Find(turn, key) is { Status: JobStatus.Scheduled or JobStatus.Starting } job)
        {
            var running = Running(turn, job, privateAddress);
            turn.Record(running);
            if (job.IsNode)
            {
                NodeProgress.Started(turn, running);
            }
        }
    }

    public static void Ended(Turn turn, AttemptKey key, AttemptEnd end)
    {
        if (Find(turn, key) is not { } job)
        {
            return;
        }

        if (job is { IsBeingPreempted: true, StopReason: null })
        {
            Preemption.Complete(turn, job);
            return;
        }

        if (job.IsService && job.StopReason is null && TrainingWork.IsLackOfCapacity(end))
        {
            ServiceCapacity.Lacks(turn, job);
            return;
        }

        if (job.Status != JobStatus.Running && end is AttemptExited exited && HasRun(job, exited, Finished(turn, job, end)))
        {
            job = Running(turn, job, privateAddress: null);
            turn.Record(job);
            NodeProgress.FollowMainNode(turn, job);
        }

        End(turn, job, end, Finished(turn, job, end));
        if (job.IsNode)
        {
            NodeProgress.Ended(turn, job);
        }
    }

    private static void End(Turn turn, Job job, AttemptEnd end, Attempt attempt)
    {
        var ended = job with { Attempts = [.. job.Attempts, attempt], Current = null };
        if (attempt.ExitCode == 0 && end is AttemptExited && job.StopReason is null)
        {
            turn.Record(ended.To(JobStatus.Succeeded) with { StatusReason = attempt.StatusReason, StoppedAt = turn.Now });
        }
        else if (job.StopReason is null && !job.IsNode && RetryDecision.Retries(job.Specification.RetryStrategy, ended.Attempts))
        {
            turn.Record(ended.To(JobStatus.Runnable));
        }
        else
        {
            turn.Record(ended.To(JobStatus.Failed) with { StatusReason = attempt.StatusReason, StoppedAt = turn.Now });
        }
    }

    /// <summary>Returns true if a job has run without a report: its essential containers have, or enough of them for a success.</summary>
    private static bool HasRun(Job job, AttemptExited exited, Attempt attempt)
    {
        var optional = job.Work.OptionalContainers;
        return attempt.ExitCode == 0 || exited.Containers.All(c => c.ExitCode is not null || optional.Contains(c.Name));
    }

    /// <summary>Reports that the host of an attempt is lost, or its Spot task interrupted; what may still run is stopped.</summary>
    public static void Interrupted(Turn turn, AttemptKey key)
    {
        if (Find(turn, key) is { IsService: false })
        {
            turn.Request(new StopAttempt(key));
            Ended(turn, key, new AttemptHostLost());
        }
    }

    public static void TimedOut(Turn turn, AttemptKey key)
    {
        if (Find(turn, key) is { Status: JobStatus.Running, IsBeingPreempted: false } job)
        {
            JobEnding.Stop(turn, job, StatusReasons.TimedOut);
        }
    }

    private static Job? Find(Turn turn, AttemptKey key) =>
        turn.State.Jobs.TryGetValue(key.JobId, out var job) && job.Current?.Number == key.Attempt ? job : null;

    private static Job Running(Turn turn, Job job, string? privateAddress)
    {
        if (job.IsService)
        {
            job = ServiceCapacity.Found(turn, job);
        }

        return job.To(JobStatus.Running) with
        {
            StartedAt = turn.Now,
            Current = job.Current! with { StartedAt = turn.Now, PrivateAddress = privateAddress ?? job.Current.PrivateAddress },
        };
    }

    private static Attempt Finished(Turn turn, Job job, AttemptEnd end)
    {
        var current = job.Current!;
        var attempt = new Attempt
        {
            TaskArn = current.TaskArn,
            ContainerInstanceArn = current.ContainerInstanceArn,
            LogStreamName = current.LogStreamName,
            StartedAt = current.StartedAt,
            PrivateAddress = current.PrivateAddress,
            StoppedAt = turn.Now,
            StatusReason = StatusReasons.EssentialContainerExited,
        };
        if (end is AttemptHostLost)
        {
            attempt = attempt with { StatusReason = HostLost(turn, current) };
        }

        attempt = job.Work.Outcome(job, end, attempt);
        return job.StopReason is { } reason ? attempt with { StatusReason = reason } : attempt;
    }

    private static string HostLost(Turn turn, CurrentAttempt current)
    {
        var environment = turn.State.Of<ComputeEnvironment>().GetValueOrDefault(current.ComputeEnvironmentArn);
        return environment?.Specification.ComputeResources?.Type == Wire.CRType.FargateSpot
            ? StatusReasons.SpotTaskInterrupted
            : StatusReasons.HostTerminated(
                current.ContainerInstanceArn is { } arn ? Instance.IdOf(arn) : UnknownInstance);
    }
}
