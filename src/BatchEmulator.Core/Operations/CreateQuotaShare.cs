using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateQuotaShare: CREATING, then VALID.</summary>
internal static class CreateQuotaShare
{
    public static Wire.CreateQuotaShareResponse Decide(Turn turn, Scope scope, Wire.CreateQuotaShareRequest request)
    {
        var name = request.QuotaShareName!;
        Require(ResourceName.IsValid(name), OpenTexts.QuotaShareName);
        var queue = turn.State.Of<JobQueue>().GetValueOrDefault(Arn.Resolve(scope, Arn.JobQueueType, request.JobQueue!));
        RequireState(queue is not null && queue.Scope == scope, JobQueueRules.NotFound(request.JobQueue!));
        RequireState(
            new QuotaManagementRules(turn.State.Of<JobQueue>(), turn.State.Of<SchedulingPolicy>()).HasQuotaShares(queue!),
            OpenTexts.QuotaShareQueue);
        RequireState(queue!.Status == ResourceStatus.Valid, OpenTexts.QuotaShareQueueNotValid);
        QuotaShareRules.CheckLimits(request.CapacityLimits!, EnvironmentOf(turn, queue));
        var sharing = QuotaShareRules.CheckSharing(request.ResourceSharingConfiguration!);
        TagRules.Check(request.Tags);
        var arn = Arn.QuotaShare(queue.Arn, name);
        var shares = turn.State.Of<QuotaShare>();
        Require(!shares.ContainsKey(arn), OpenTexts.AlreadyExists);
        Require(shares.Values.Count(share => share.JobQueueArn == queue.Arn) < QuotaShareRules.MaximumShares, OpenTexts.TooManyQuotaShares);
        turn.Record(new ResourceSaved(new QuotaShare
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            JobQueueArn = queue.Arn,
            CapacityLimits = request.CapacityLimits!,
            ResourceSharing = sharing,
            Preemption = request.PreemptionConfiguration!,
            State = ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Creating,
            SettlesAt = turn.SettlesAt,
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { QuotaShareName = name, QuotaShareArn = arn };
    }

    internal static ServiceEnvironment? EnvironmentOf(Turn turn, JobQueue queue) =>
        turn.State.Of<ServiceEnvironment>().GetValueOrDefault(queue.ServiceEnvironmentOrder![0].ServiceEnvironment!);
}
