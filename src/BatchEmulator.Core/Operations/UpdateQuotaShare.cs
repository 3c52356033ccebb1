using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// UpdateQuotaShare: UPDATING, then VALID; changes apply at once. Jobs beyond a lowered limit run on until another share needs their
/// instances (User Guide, "Quota shares").
/// </summary>
internal static class UpdateQuotaShare
{
    public static Wire.UpdateQuotaShareResponse Decide(Turn turn, Scope scope, Wire.UpdateQuotaShareRequest request)
    {
        var share = turn.State.Of<QuotaShare>().GetValueOrDefault(request.QuotaShareArn!);
        RequireState(share is not null && share.Scope == scope, OpenTexts.QuotaShareNotFound(request.QuotaShareArn!));
        RequireState(
            !share!.IsBeingModified && share.Status != ResourceStatus.Deleting, "Cannot update, resource is being modified.");
        if (request.CapacityLimits is { Count: > 0 } limits)
        {
            QuotaShareRules.CheckLimits(limits, CreateQuotaShare.EnvironmentOf(turn, turn.State.Of<JobQueue>()[share.JobQueueArn]));
        }

        turn.Record(new ResourceSaved(share with
        {
            CapacityLimits = request.CapacityLimits is { Count: > 0 } given ? given : share.CapacityLimits,
            ResourceSharing = request.ResourceSharingConfiguration is { } sharing
                ? QuotaShareRules.CheckSharing(sharing)
                : share.ResourceSharing,
            Preemption = request.PreemptionConfiguration ?? share.Preemption,
            State = request.State is null ? share.State : ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Updating,
            SettlesAt = turn.SettlesAt,
        }));
        return new() { QuotaShareName = share.Name, QuotaShareArn = share.Arn };
    }
}
