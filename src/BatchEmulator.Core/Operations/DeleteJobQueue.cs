using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteJobQueue: DELETING while its jobs are ended, then gone. Deleting an unknown one succeeds.</summary>
internal static class DeleteJobQueue
{
    public static Wire.DeleteJobQueueResponse Decide(Turn turn, Scope scope, Wire.DeleteJobQueueRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.JobQueueType, request.JobQueue!);
        if (turn.State.Of<JobQueue>().TryGetValue(arn, out var queue) && queue.Scope == scope)
        {
            Delete(turn, queue);
        }

        return new();
    }

    private static void Delete(Turn turn, JobQueue queue)
    {
        if (queue.Status == ResourceStatus.Deleting)
        {
            return;
        }

        RequireState(!queue.IsBeingModified, "Cannot delete, resource is being modified.");
        RequireState(queue.State == ResourceState.Disabled, OpenTexts.DeleteNeedsDisabled);
        turn.Record(new ResourceSaved(queue with { Status = ResourceStatus.Deleting, SettlesAt = turn.SettlesAt }));
        JobEnding.StopAllOf(turn, job => job.Specification.JobQueueArn == queue.Arn, StatusReasons.JobQueueDeleted);
    }
}
