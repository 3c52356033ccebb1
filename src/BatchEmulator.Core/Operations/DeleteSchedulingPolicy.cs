using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.SchedulingPolicies;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteSchedulingPolicy: gone at once, unless a queue uses it. Deleting an unknown one succeeds.</summary>
internal static class DeleteSchedulingPolicy
{
    public static Wire.DeleteSchedulingPolicyResponse Decide(Turn turn, Scope scope, Wire.DeleteSchedulingPolicyRequest request)
    {
        if (turn.State.Of<SchedulingPolicy>().TryGetValue(request.Arn!, out var policy) && policy.Scope == scope)
        {
            RequireState(!turn.State.Of<JobQueue>().Values.Any(q => q.SchedulingPolicyArn == policy.Arn), OpenTexts.PolicyInUse);
            turn.Record(new ResourceRemoved(policy));
        }

        return new();
    }
}
