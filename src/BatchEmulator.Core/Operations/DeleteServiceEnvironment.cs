using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteServiceEnvironment: DELETING, then gone. Deleting an unknown one succeeds.</summary>
internal static class DeleteServiceEnvironment
{
    public static Wire.DeleteServiceEnvironmentResponse Decide(Turn turn, Scope scope, Wire.DeleteServiceEnvironmentRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.ServiceEnvironmentType, request.ServiceEnvironment!);
        if (turn.State.Of<ServiceEnvironment>().TryGetValue(arn, out var environment) && environment.Scope == scope)
        {
            Delete(turn, environment);
        }

        return new();
    }

    private static void Delete(Turn turn, ServiceEnvironment environment)
    {
        if (environment.Status == ResourceStatus.Deleting)
        {
            return;
        }

        RequireState(!environment.IsBeingModified, "Cannot delete, resource is being modified.");
        RequireState(environment.State == ResourceState.Disabled, OpenTexts.DeleteNeedsDisabled);
        RequireState(
            !turn.State.Of<JobQueue>().Values
                .Any(q => q.ServiceEnvironmentOrder?.Any(o => o.ServiceEnvironment == environment.Arn) == true),
            OpenTexts.ServiceEnvironmentInUse);
        turn.Record(new ResourceSaved(environment with { Status = ResourceStatus.Deleting, SettlesAt = turn.SettlesAt }));
    }
}
