using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>DeleteComputeEnvironment: DELETING, then gone. Deleting an unknown one succeeds.</summary>
internal static class DeleteComputeEnvironment
{
    public static Wire.DeleteComputeEnvironmentResponse Decide(Turn turn, Scope scope, Wire.DeleteComputeEnvironmentRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.ComputeEnvironmentType, request.ComputeEnvironment!);
        if (turn.State.Of<ComputeEnvironment>().TryGetValue(arn, out var environment) && environment.Scope == scope)
        {
            Delete(turn, environment);
        }

        return new();
    }

    private static void Delete(Turn turn, ComputeEnvironment environment)
    {
        if (environment.Status == ResourceStatus.Deleting)
        {
            return;
        }

        RequireState(!environment.IsBeingModified, "Cannot delete, resource is being modified.");
        RequireState(environment.State == ResourceState.Disabled, OpenTexts.DeleteNeedsDisabled);
        RequireState(
            !turn.State.Of<JobQueue>().Values.Any(q => q.ComputeEnvironmentOrder.Any(o => o.ComputeEnvironment == environment.Arn)),
            "Cannot delete, found existing JobQueue relationship.");
        turn.Record(new ResourceSaved(environment with
        {
            Status = ResourceStatus.Deleting,
            SettlesAt = turn.SettlesAt,
        }));
    }
}
