using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Effects of finished jobs on others: dependents become runnable or fail, arrays end with their last child (User Guide, "Job
/// dependencies" and "Array jobs"). Each finished job is looked at once, and costs what it sets in motion.
/// </summary>
internal static class DependencyResolution
{
    public static void Run(Turn turn)
    {
        while (turn.TryTakeFinished(out var finished))
        {
            var job = finished.Job;
            var succeeded = job.Status == JobStatus.Succeeded;
            foreach (var dependent in finished.Dependents)
            {
                Resolve(turn, dependent, succeeded);
            }

            if (job.IsArrayChild)
            {
                ResolveSiblingAndPairs(turn, finished, succeeded);
                EndArray(turn, job.ParentId!);
            }
        }
    }

    /// <summary>Updates the summaries of arrays whose children have changed.</summary>
    public static void Summarize(Turn turn)
    {
        foreach (var id in turn.TouchedArrays)
        {
            if (turn.State.Jobs.TryGetValue(id, out var parent))
            {
                turn.Record(parent with { Children = turn.State.Dependencies.Arrays[id].Summary(turn.Now) });
            }
        }
    }

    private static void ResolveSiblingAndPairs(Turn turn, FinishedJob finished, bool succeeded)
    {
        var (parent, index) = (finished.Job.ParentId!, finished.Job.Index!.Value);
        if (finished.Job.Specification.IsSequential)
        {
            Resolve(turn, JobIds.Child(parent, index + 1), succeeded);
        }

        foreach (var array in finished.PairedArrays)
        {
            Resolve(turn, JobIds.Child(array, index), succeeded);
        }
    }

    /// <summary>Resolves a finished dependency of a job.</summary>
    private static void Resolve(Turn turn, string jobId, bool succeeded)
    {
        if (!turn.State.Jobs.TryGetValue(jobId, out var job) || job.Status != JobStatus.Pending)
        {
            return;
        }

        if (!succeeded)
        {
            FailDependent(turn, job);
        }
        else if (turn.State.Dependencies.Waits(jobId) == 0)
        {
            Release(turn, job);
        }
    }

    private static void FailDependent(Turn turn, Job job)
    {
        if (!job.IsArrayParent)
        {
            JobEnding.Fail(turn, job, job.StopReason ?? StatusReasons.DependencyFailed);
            return;
        }

        turn.Record(job with { StopReason = job.StopReason ?? StatusReasons.DependencyFailed });
        foreach (var child in JobEnding.ChildrenOf(turn, job))
        {
            JobEnding.Fail(turn, child, child.StopReason ?? StatusReasons.DependencyFailed);
        }
    }

    /// <summary>Makes a job runnable once its dependencies are resolved, or ends it if it was cancelled in the meantime.</summary>
    private static void Release(Turn turn, Job job)
    {
        if (job.IsArrayParent)
        {
            foreach (var child in JobEnding.ChildrenOf(turn, job))
            {
                Resolve(turn, child.Id, succeeded: true);
            }
        }
        else if (job.StopReason is { } reason)
        {
            JobEnding.Fail(turn, job, reason);
        }
        else
        {
            turn.Record(job.To(JobStatus.Runnable));
        }
    }

    private static void EndArray(Turn turn, string parentId)
    {
        if (!turn.State.Dependencies.Arrays.TryGetValue(parentId, out var progress) || !progress.IsFinished)
        {
            return;
        }

        var parent = turn.State.Jobs[parentId] with { Children = progress.Summary(turn.Now), StoppedAt = turn.Now };
        turn.Record(progress.HasFailures
            ? parent.To(JobStatus.Failed) with { StatusReason = parent.StopReason ?? StatusReasons.ArrayChildFailed }
            : parent.To(JobStatus.Succeeded));
    }
}

/// <summary>A job that has finished in the turn.</summary>
/// <param name="Job">The job.</param>
/// <param name="Dependents">Ids of the jobs that waited for it.</param>
/// <param name="PairedArrays">Ids of the arrays whose children waited for it, by its index.</param>
internal readonly record struct FinishedJob(Job Job, IReadOnlyList<string> Dependents, IReadOnlyList<string> PairedArrays);
