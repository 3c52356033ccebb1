using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>UpdateComputeEnvironment: UPDATING, then VALID; a new state shows at once.</summary>
internal static class UpdateComputeEnvironment
{
    public static Wire.UpdateComputeEnvironmentResponse Decide(Turn turn, Scope scope, Wire.UpdateComputeEnvironmentRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.ComputeEnvironmentType, request.ComputeEnvironment!);
        var environment = turn.State.Of<ComputeEnvironment>().GetValueOrDefault(arn);
        RequireState(environment is not null && environment.Scope == scope, $"{arn} does not exist");
        RequireState(
            ComputeEnvironmentUpdate.IsAny(request),
            "One of [state | compute-resources | service-role | unmanaged-vcpus] is required.");
        RequireState(!environment!.IsBeingModified, "Cannot update, resource is being modified.");
        var updated = environment with
        {
            Specification = ComputeEnvironmentUpdate.Apply(environment, request),
            State = request.State is null ? environment.State : ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Updating,
            SettlesAt = turn.SettlesAt,
        };
        turn.Record(new ResourceSaved(updated));
        if (ComputeEnvironmentUpdate.ReplacesInstances(request))
        {
            FleetChanges.Replace(turn, updated);
        }

        return new() { ComputeEnvironmentName = updated.Name, ComputeEnvironmentArn = arn };
    }
}
