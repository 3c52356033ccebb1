using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Performs the first transitions of a new job: SUBMITTED, PENDING while it waits, RUNNABLE. An array spawns its children.
/// </summary>
internal static class JobSpawning
{
    public static void Release(Turn turn, Job job, SubmittedDependencies dependencies)
    {
        if (job.IsArrayParent)
        {
            SpawnChildren(turn, job, dependencies);
        }
        else
        {
            Release(turn, job, dependencies.HasFailed);
        }
    }

    private static void SpawnChildren(Turn turn, Job parent, SubmittedDependencies dependencies)
    {
        var waiting =
            parent.To(JobStatus.Pending) with { Children = ArraySummary.Submitted(parent.Specification.ArraySize!.Value, turn.Now) };
        turn.Record(dependencies.HasFailed ? waiting with { StopReason = StatusReasons.DependencyFailed } : waiting);
        for (var index = 0; index < parent.Specification.ArraySize; index++)
        {
            var child = parent with
            {
                Id = JobIds.Child(parent.Id, index),
                ParentId = parent.Id,
                Index = index,
                Sequence = PartSequence.Of(parent.Sequence, index),
            };
            turn.Record(child);
            Release(turn, child, dependencies.HasFailed || dependencies.HasFailedPair(index));
        }
    }

    private static void Release(Turn turn, Job job, bool hasFailedDependency)
    {
        if (hasFailedDependency)
        {
            JobEnding.Fail(turn, job, StatusReasons.DependencyFailed);
        }
        else
        {
            turn.Record(job.To(turn.State.Dependencies.Waits(job.Id) > 0 ? JobStatus.Pending : JobStatus.Runnable));
        }
    }
}
