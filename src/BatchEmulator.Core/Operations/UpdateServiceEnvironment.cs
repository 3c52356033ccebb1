using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// UpdateServiceEnvironment: UPDATING, then VALID; changes apply at once. Jobs beyond a lowered limit run to their end (User Guide, "Update
/// a service environment in AWS Batch").
/// </summary>
internal static class UpdateServiceEnvironment
{
    public static Wire.UpdateServiceEnvironmentResponse Decide(Turn turn, Scope scope, Wire.UpdateServiceEnvironmentRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.ServiceEnvironmentType, request.ServiceEnvironment!);
        var environment = turn.State.Of<ServiceEnvironment>().GetValueOrDefault(arn);
        RequireState(environment is not null && environment.Scope == scope, $"{arn} does not exist");
        RequireState(!environment!.IsBeingModified, "Cannot update, resource is being modified.");
        if (request.CapacityLimits is { Count: > 0 } limits)
        {
            ServiceEnvironmentRules.CheckLimits(limits);
        }

        var updated = environment with
        {
            CapacityLimits = request.CapacityLimits is { Count: > 0 } given ? given : environment.CapacityLimits,
            State = request.State is null ? environment.State : ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Updating,
            SettlesAt = turn.SettlesAt,
        };
        new QuotaManagementRules(turn.State.Of<JobQueue>(), turn.State.Of<SchedulingPolicy>()).CheckLimits(updated);
        turn.Record(new ResourceSaved(updated));
        return new() { ServiceEnvironmentName = environment.Name, ServiceEnvironmentArn = arn };
    }
}
