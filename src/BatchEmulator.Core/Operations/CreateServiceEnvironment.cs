using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateServiceEnvironment: CREATING, then VALID.</summary>
internal static class CreateServiceEnvironment
{
    public static Wire.CreateServiceEnvironmentResponse Decide(Turn turn, Scope scope, Wire.CreateServiceEnvironmentRequest request)
    {
        var name = request.ServiceEnvironmentName!;
        Require(ResourceName.IsValid(name), "Service environment name should match a valid pattern.");
        ServiceEnvironmentRules.CheckLimits(request.CapacityLimits!);
        TagRules.Check(request.Tags);
        var arn = Arn.ServiceEnvironment(scope, name);
        Require(!turn.State.Of<ServiceEnvironment>().ContainsKey(arn), OpenTexts.AlreadyExists);
        turn.Record(new ResourceSaved(new ServiceEnvironment
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            Type = request.ServiceEnvironmentType!,
            CapacityLimits = request.CapacityLimits!,
            State = ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Creating,
            SettlesAt = turn.SettlesAt,
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { ServiceEnvironmentName = name, ServiceEnvironmentArn = arn };
    }
}
