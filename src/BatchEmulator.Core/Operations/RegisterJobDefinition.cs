using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Operations;

/// <summary>RegisterJobDefinition: the next revision of a name, ACTIVE at once.</summary>
internal static class RegisterJobDefinition
{
    public static Wire.RegisterJobDefinitionResponse Decide(Turn turn, Scope scope, Wire.RegisterJobDefinitionRequest request)
    {
        JobDefinitionRules.Check(request);
        var name = request.JobDefinitionName!;
        var revision = turn.State.FindDefinitions(scope, name)?.NextRevision ?? 1;
        var arn = Arn.JobDefinition(scope, name, revision);
        turn.Record(new JobDefinitionSaved(new JobDefinition
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Revision = revision,
            Sequence = turn.State.NextSequence,
            IsActive = true,
            Specification = JobDefinitionEcho.Of(request),
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { JobDefinitionName = name, JobDefinitionArn = arn, Revision = revision };
    }
}
