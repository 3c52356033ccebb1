using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.SchedulingPolicies;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>UpdateSchedulingPolicy: applies at once to the queues that use it, including their existing jobs.</summary>
internal static class UpdateSchedulingPolicy
{
    public static Wire.UpdateSchedulingPolicyResponse Decide(Turn turn, Scope scope, Wire.UpdateSchedulingPolicyRequest request)
    {
        var policy = turn.State.Of<SchedulingPolicy>().GetValueOrDefault(request.Arn!);
        RequireState(policy is not null && policy.Scope == scope, $"SchedulingPolicy {request.Arn} not found.");
        var (fairshare, quotaShare) = (request.FairsharePolicy ?? policy!.Fairshare, request.QuotaSharePolicy ?? policy!.QuotaShare);
        SchedulingPolicyRules.Check(fairshare, quotaShare);
        RequireState((quotaShare is null) == (policy!.QuotaShare is null), OpenTexts.PolicyKind);
        turn.Record(new ResourceSaved(policy with { Fairshare = SchedulingPolicyRules.Echo(fairshare), QuotaShare = quotaShare }));
        return new();
    }
}
