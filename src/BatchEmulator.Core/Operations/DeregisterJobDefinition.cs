using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// DeregisterJobDefinition: the revision becomes INACTIVE. A bare name means the latest ACTIVE one; an unknown one is no error.
/// </summary>
internal static class DeregisterJobDefinition
{
    public static Wire.DeregisterJobDefinitionResponse Decide(Turn turn, Scope scope, Wire.DeregisterJobDefinitionRequest request)
    {
        var reference = JobDefinitionReference.Parse(scope, request.JobDefinition!);
        var family = reference.IsOfScope ? turn.State.FindDefinitions(scope, reference.Name) : null;
        var definition = reference.Revision is { } revision ? family?.Find(revision) : family?.LatestActive;
        if (definition is { IsActive: true })
        {
            turn.Record(new JobDefinitionSaved(definition with { IsActive = false, DeregisteredAt = turn.Now }));
        }

        return new();
    }
}
