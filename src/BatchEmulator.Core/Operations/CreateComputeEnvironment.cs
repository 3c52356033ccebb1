using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateComputeEnvironment: CREATING, then VALID.</summary>
internal static class CreateComputeEnvironment
{
    public static Wire.CreateComputeEnvironmentResponse Decide(Turn turn, Scope scope, Wire.CreateComputeEnvironmentRequest request)
    {
        ComputeEnvironmentRules.CheckCreate(scope, request);
        TagRules.Check(request.Tags);
        Require(
            turn.State.Options.Limits.TakesDisabledEnvironments || request.State is null or Wire.CEState.Enabled,
            "Compute Environment must be created in ENABLED state.");
        var name = request.ComputeEnvironmentName!;
        var arn = Arn.ComputeEnvironment(scope, name);
        Require(!turn.State.Of<ComputeEnvironment>().ContainsKey(arn), OpenTexts.AlreadyExists);
        var specification = ComputeEnvironmentSpecification.Of(scope, request);
        turn.Record(new ResourceSaved(new ComputeEnvironment
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            Uuid = NameBasedUuid(turn),
            ClusterName = ComputeEnvironmentRules.IsServiceLinkedRole(specification.ServiceRole!)
                ? $"AWSBatch-{name}-{NameBasedUuid(turn)}"
                : $"{name}_Batch_{NameBasedUuid(turn)}",
            ContainerInstanceId = turn.Ids.NewHex32(),
            Specification = specification,
            State = ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Creating,
            SettlesAt = turn.SettlesAt,
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { ComputeEnvironmentName = name, ComputeEnvironmentArn = arn };
    }

    /// <summary>AWS shows version 3 UUIDs here.</summary>
    private static string NameBasedUuid(Turn turn)
    {
        var uuid = turn.Ids.NewUuid();
        return $"{uuid[..14]}3{uuid[15..]}";
    }
}
