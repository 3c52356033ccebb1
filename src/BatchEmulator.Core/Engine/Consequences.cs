using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// What follows from jobs having finished: dependents become runnable or fail, arrays end with their last child (User Guide, "Job
/// dependencies" and "Array jobs"). Each finished job is looked at once, and costs what it sets in motion.
/// </summary>
internal static class Consequences
{
    public static void Settle(Turn turn)
    {
        while (turn.TryTakeFinished(out var job))
        {
            var succeeded = job.Status == JobStatus.Succeeded;
            foreach (var dependent in turn.State.Dependencies.DependentsOf(job.Id).ToList())
            {
                Tell(turn, dependent, succeeded);
            }

            if (job.IsArrayChild)
            {
                TellSiblingsAndPairs(turn, job, succeeded);
                EndArray(turn, job.ParentId!);
            }

            turn.State.Dependencies.Remove(job.Id);
        }
    }

    /// <summary>Keeps the summaries of arrays whose children have changed.</summary>
    public static void Summarize(Turn turn)
    {
        foreach (var id in turn.TouchedArrays)
        {
            if (turn.State.Jobs.TryGetValue(id, out var parent))
            {
                turn.Record(parent with { Children = turn.State.Arrays[id].Summary(turn.Now) });
            }
        }
    }

    private static void TellSiblingsAndPairs(Turn turn, Job child, bool succeeded)
    {
        var index = child.Index!.Value;
        if (child.Specification.IsSequential)
        {
            TellChild(turn, child.ParentId!, index + 1, succeeded);
        }

        foreach (var array in turn.State.Dependencies.ArraysPairedWith(child.ParentId!).ToList())
        {
            TellChild(turn, array, index, succeeded);
        }
    }

    private static void TellChild(Turn turn, string parentId, int index, bool succeeded)
    {
        if (turn.State.Jobs.TryGetValue(JobIds.Child(parentId, index), out var child))
        {
            Tell(turn, child.Id, succeeded);
        }
    }

    /// <summary>Something that a job waits for has finished.</summary>
    private static void Tell(Turn turn, string jobId, bool succeeded)
    {
        if (!turn.State.Jobs.TryGetValue(jobId, out var job) || job.Status != JobStatus.Pending)
        {
            return;
        }

        if (!succeeded)
        {
            FailDependent(turn, job);
        }
        else if (turn.State.Dependencies.Satisfy(jobId))
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

    /// <summary>A job waits for nothing more. One that was cancelled in the meantime ends now.</summary>
    private static void Release(Turn turn, Job job)
    {
        if (job.IsArrayParent)
        {
            foreach (var child in JobEnding.ChildrenOf(turn, job))
            {
                Tell(turn, child.Id, succeeded: true);
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
        if (!turn.State.Arrays.TryGetValue(parentId, out var progress) || !progress.IsFinished)
        {
            return;
        }

        var parent = turn.State.Jobs[parentId] with { Children = progress.Summary(turn.Now), StoppedAt = turn.Now };
        turn.Record(progress.HasFailures
            ? parent.To(JobStatus.Failed) with { StatusReason = parent.StopReason ?? StatusReasons.ArrayChildFailed }
            : parent.To(JobStatus.Succeeded));
    }
}
