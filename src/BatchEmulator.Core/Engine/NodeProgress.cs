using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// Interaction of a multi-node parallel job and its nodes (User Guide, "Multi-node parallel jobs", "Job lifecycle"): the main node starts
/// first, the others when it runs; its end is the job's, and the others are stopped then. The end of another node changes nothing. A job
/// that is tried again waits until the last of its nodes has ended, and runs them all again.
/// </summary>
internal static class NodeProgress
{
    /// <summary>Reports that a node runs: if it is the main node, so does the job, and the others start.</summary>
    public static void Started(Turn turn, Job node)
    {
        if (FollowMainNode(turn, node) is { StopReason: null } job)
        {
            foreach (var index in Enumerable.Range(0, job.Specification.Parts).Where(i => i != job.Specification.Nodes!.MainNode))
            {
                PlanExecution.Start(turn, Find(turn, job, index) ?? Create(turn, job, index), SiblingOf(turn, job.Current!, index));
            }
        }
    }

    /// <summary>Records the job as running since the start of its main node.</summary>
    /// <returns>The job; null if the node is not its main node.</returns>
    public static Job? FollowMainNode(Turn turn, Job node)
    {
        if (!node.IsMainNode)
        {
            return null;
        }

        var job = turn.State.Jobs[node.ParentId!].To(JobStatus.Running);
        job = job with
        {
            StartedAt = node.StartedAt,
            Current = job.Current! with { StartedAt = node.StartedAt, PrivateAddress = node.Current!.PrivateAddress },
        };
        turn.Record(job);
        return job;
    }

    /// <summary>Reports that a node has ended, which matters only if the main node has, too.</summary>
    public static void Ended(Turn turn, Job node)
    {
        if (turn.State.Jobs.TryGetValue(node.ParentId!, out var job)
            && Find(turn, job, job.Specification.Nodes!.MainNode!.Value) is { } main
            && main.Status.IsFinished())
        {
            Conclude(turn, job, main);
        }
    }

    /// <summary>Returns the main node of a job that is being placed.</summary>
    public static Job MainNodeOf(Turn turn, Job job)
    {
        var index = job.Specification.Nodes!.MainNode!.Value;
        return Find(turn, job, index) ?? Create(turn, job, index);
    }

    private static void Conclude(Turn turn, Job job, Job main)
    {
        var attempt = main.Attempts[^1];
        var ended =
            job with { Attempts = [.. job.Attempts, attempt], Current = null, StatusReason = job.StopReason ?? attempt.StatusReason };
        var nodes = turn.State.NodesOf(job);
        if (main.Status == JobStatus.Succeeded)
        {
            Finish(turn, ended.To(JobStatus.Succeeded), nodes);
        }
        else if (job.StopReason is not null
            || main.StopReason is not null
            || !RetryDecision.Retries(job.Specification.RetryStrategy, ended.Attempts))
        {
            Finish(turn, ended.To(JobStatus.Failed), nodes);
        }
        else if (nodes.Any(n => n.Status.IsPlaced()))
        {
            StopOthers(turn, nodes);
        }
        else
        {
            turn.Record(ended.To(JobStatus.Runnable) with { StatusReason = null });
            // Those that did not start before the main node ended are still RUNNABLE.
            foreach (var node in nodes.Where(n => n.Status.IsFinished()))
            {
                turn.Record(node.To(JobStatus.Runnable) with { StatusReason = null, StoppedAt = null, StopReason = null });
            }
        }
    }

    private static void Finish(Turn turn, Job job, IReadOnlyList<Job> nodes)
    {
        turn.Record(job with { StoppedAt = turn.Now });
        StopOthers(turn, nodes);
    }

    private static void StopOthers(Turn turn, IReadOnlyList<Job> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Status.IsPlaced())
            {
                JobEnding.Stop(turn, node, OpenTexts.MainNodeEnded);
            }
            else if (!node.Status.IsFinished())
            {
                JobEnding.Fail(turn, node, OpenTexts.MainNodeEnded);
            }
        }
    }

    private static Job? Find(Turn turn, Job job, int index) => turn.State.Jobs.GetValueOrDefault(JobIds.Node(job.Id, index));

    private static Job Create(Turn turn, Job job, int index)
    {
        var node = new Job
        {
            Id = JobIds.Node(job.Id, index),
            ParentId = job.Id,
            Index = index,
            Scope = job.Scope,
            Sequence = PartSequence.Of(job.Sequence, index),
            Specification = job.Specification,
            CreatedAt = turn.Now,
            Status = JobStatus.Submitted,
        };
        turn.Record(node);
        node = node.To(JobStatus.Runnable);
        turn.Record(node);
        return node;
    }

    /// <summary>Returns a placement beside the main node: in the same cluster, on another instance.</summary>
    private static CurrentAttempt SiblingOf(Turn turn, CurrentAttempt main, int index)
    {
        string Beside(string arn) => arn[..(arn.LastIndexOf('/') + 1)] + turn.Ids.NewHex32();
        return main with
        {
            TaskArn = Beside(main.TaskArn),
            ContainerInstanceArn = main.NodeInstances?[index] ?? (main.ContainerInstanceArn is { } instance ? Beside(instance) : null),
            NodeInstances = null,
            StartedAt = null,
            PrivateAddress = null,
            MainNodeAddress = main.PrivateAddress,
        };
    }
}
