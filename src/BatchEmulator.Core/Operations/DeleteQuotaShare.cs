using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteQuotaShare: DELETING while its jobs are ended, then gone. Deleting an unknown one succeeds.</summary>
internal static class DeleteQuotaShare
{
    public static Wire.DeleteQuotaShareResponse Decide(Turn turn, Scope scope, Wire.DeleteQuotaShareRequest request)
    {
        if (turn.State.Of<QuotaShare>().TryGetValue(request.QuotaShareArn!, out var share) && share.Scope == scope)
        {
            Delete(turn, share);
        }

        return new();
    }

    private static void Delete(Turn turn, QuotaShare share)
    {
        if (share.Status == ResourceStatus.Deleting)
        {
            return;
        }

        RequireState(!share.IsBeingModified, "Cannot delete, resource is being modified.");
        RequireState(share.State == ResourceState.Disabled, OpenTexts.DeleteNeedsDisabled);
        turn.Record(new ResourceSaved(share with { Status = ResourceStatus.Deleting, SettlesAt = turn.SettlesAt }));
        JobEnding.StopAllOf(turn, job => job.Specification.LineArn == share.Arn, StatusReasons.QuotaShareDeleted);
    }
}
