using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Engine;

/// <summary>Completes the changes of resources that are in progress.</summary>
internal static class ResourceSettling
{
    /// <summary>Completes the change of a resource if it is due.</summary>
    public static void Settle(Turn turn, string arn)
    {
        if (turn.State.Find(arn) is { } resource && resource.SettlesAt <= turn.Now)
        {
            Settle(turn, resource);
        }
    }

    /// <summary>Completes every change that a user has asked for, whether due or not.</summary>
    public static void SettleAll(Turn turn)
    {
        foreach (var resource in turn.State.Changing.OfType<StatefulResource>().OrderBy(resource => resource.Sequence).ToList())
        {
            Settle(turn, resource);
        }
    }

    /// <summary>
    /// Removes the quota shares and queues being deleted whose last job has ended, once their time has come. A queue goes with its shares.
    /// </summary>
    public static void RemoveEmpty(Turn turn, bool isTimeHeld)
    {
        foreach (var share in turn.State.SharesBeingDeleted.Select(arn => turn.State.Of<QuotaShare>()[arn]).ToList())
        {
            if (((QuotaManagement)turn.State.OrderingOf(share.JobQueueArn)!).Of(share).Unfinished == 0
                && (isTimeHeld || share.SettlesAt <= turn.Now))
            {
                turn.Record(new ResourceRemoved(share));
            }
        }

        foreach (var queue in turn.State.QueuesBeingDeleted.Select(arn => turn.State.Of<JobQueue>()[arn]).ToList())
        {
            if (turn.State.CountJobs(queue) == 0 && (isTimeHeld || queue.SettlesAt <= turn.Now))
            {
                foreach (var share in SharesOf(turn, queue))
                {
                    turn.Record(new ResourceRemoved(share));
                }

                turn.Record(new ResourceRemoved(queue));
            }
        }
    }

    private static List<QuotaShare> SharesOf(Turn turn, JobQueue queue) =>
        [.. turn.State.Of<QuotaShare>().Values.Where(share => share.JobQueueArn == queue.Arn).OrderBy(share => share.Sequence)];

    private static void Settle(Turn turn, Resource resource)
    {
        var settled = resource.Settled();
        if (settled is null)
        {
            FleetChanges.TerminateAll(turn, resource.Arn);
            turn.Record(new ResourceRemoved(resource));
        }
        else if (settled != resource)
        {
            turn.Record(new ResourceSaved(settled));
        }
    }
}
