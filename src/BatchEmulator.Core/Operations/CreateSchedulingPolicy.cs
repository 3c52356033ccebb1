using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateSchedulingPolicy: exists at once.</summary>
internal static class CreateSchedulingPolicy
{
    public static Wire.CreateSchedulingPolicyResponse Decide(Turn turn, Scope scope, Wire.CreateSchedulingPolicyRequest request)
    {
        var name = request.Name!;
        Require(ResourceName.IsValid(name), OpenTexts.PolicyName);
        SchedulingPolicyRules.Check(request.FairsharePolicy, request.QuotaSharePolicy);
        TagRules.Check(request.Tags);
        var arn = Arn.SchedulingPolicy(scope, name);
        Require(!turn.State.Of<SchedulingPolicy>().ContainsKey(arn), OpenTexts.AlreadyExists);
        turn.Record(new ResourceSaved(new SchedulingPolicy
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            Fairshare = SchedulingPolicyRules.Echo(request.FairsharePolicy),
            QuotaShare = request.QuotaSharePolicy,
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { Name = name, Arn = arn };
    }
}
