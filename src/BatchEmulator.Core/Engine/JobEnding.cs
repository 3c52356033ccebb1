using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>Ends jobs that do not end by themselves.</summary>
internal static class JobEnding
{
    /// <summary>Fails a job that holds no capacity, and with it the nodes of its earlier attempts.</summary>
    public static void Fail(Turn turn, Job job, string reason)
    {
        var nodes = job.IsMultiNode ? turn.State.NodesOf(job) : [];
        foreach (var ended in nodes.Prepend(job))
        {
            turn.Record(ended.To(JobStatus.Failed) with { StatusReason = reason, StoppedAt = turn.Now });
        }
    }

    /// <summary>
    /// Fails a waiting job; asks the attempt of a placed one to stop, after which it fails with the same reason. A job that waits for
    /// others fails when they have finished (API Reference, CancelJob). The children of an array are ended one by one, and the nodes of a
    /// running job. A node that does not run is left alone: it is the job that waits.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="job">The job, with the flag of the operation that ends it.</param>
    /// <param name="reason">Status reason of the job after its end.</param>
    /// <param name="evenIfPlaced">True to stop attempts under way too; cancelling leaves them alone.</param>
    public static void Stop(Turn turn, Job job, string reason, bool evenIfPlaced = true)
    {
        if (IsEnding(turn, job) || (job.Status.IsPlaced() ? !evenIfPlaced : job.IsNode))
        {
            return;
        }

        if (job.IsArrayParent || (job.IsMultiNode && job.Status.IsPlaced()))
        {
            turn.Record(job with { StopReason = reason });
            foreach (var part in job.IsArrayParent ? ChildrenOf(turn, job) : turn.State.NodesOf(job))
            {
                // Terminating a cancelled array does not cancel the children that the cancellation left alone.
                var told = evenIfPlaced ? part with { IsTerminated = job.IsTerminated } : part with { IsCancelled = job.IsCancelled };
                Stop(turn, told, reason, evenIfPlaced);
            }
        }
        else if (job.Status.IsPlaced())
        {
            turn.Record(job with { StopReason = reason });
            turn.Request(new StopAttempt(job.CurrentKey!.Value));
        }
        else if (job.Status == JobStatus.Pending && turn.State.Dependencies.Waits(job.Id) > 0)
        {
            turn.Record(job with { StopReason = reason });
        }
        else
        {
            Fail(turn, job, reason);
        }
    }

    /// <summary>
    /// Returns true if a job's end has been decided. A cancelled job may still be terminated: cancelling leaves running attempts alone.
    /// </summary>
    private static bool IsEnding(Turn turn, Job job) => job.StopReason is not null
        && !(job.IsTerminated && turn.State.Jobs.GetValueOrDefault(job.Id) is { IsCancelled: true, IsTerminated: false });

    /// <summary>Ends every job of a queue or share that is being deleted; a job that waits for others does not wait any longer.</summary>
    public static void StopAllOf(Turn turn, Func<Job, bool> isMeant, string reason)
    {
        var jobs = turn.State.Jobs.Values
            .Where(j => isMeant(j) && !j.IsArrayParent && !j.IsNode)
            .OrderBy(j => j.Sequence)
            .ToList();
        foreach (var job in jobs)
        {
            if (job.Status.IsPlaced())
            {
                Stop(turn, job, reason);
            }
            else
            {
                Fail(turn, job, job.StopReason ?? reason);
            }
        }
    }

    /// <summary>Returns the unfinished children of an array, by index.</summary>
    public static IReadOnlyList<Job> ChildrenOf(Turn turn, Job parent) =>
        [.. Enumerable.Range(0, parent.Specification.ArraySize!.Value)
            .Select(i => turn.State.Jobs.GetValueOrDefault(JobIds.Child(parent.Id, i)))
            .OfType<Job>()];
}
