using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateConsumableResource: exists at once.</summary>
internal static class CreateConsumableResource
{
    public static Wire.CreateConsumableResourceResponse Decide(Turn turn, Scope scope, Wire.CreateConsumableResourceRequest request)
    {
        var name = request.ConsumableResourceName!;
        Require(ResourceName.IsValid(name), "ConsumableResource name should match a valid pattern.");
        Require(request.TotalQuantity is null or >= 0, "totalQuantity cannot be a negative number.");
        Require(
            request.ResourceType is null or ConsumableResource.Replenishable or ConsumableResource.NonReplenishable,
            OpenTexts.ConsumableResourceType);
        TagRules.Check(request.Tags);
        var arn = Arn.ConsumableResource(scope, name);
        Require(!turn.State.Of<ConsumableResource>().ContainsKey(arn), OpenTexts.AlreadyExists);
        turn.Record(new ResourceSaved(new ConsumableResource
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            Type = request.ResourceType ?? ConsumableResource.Replenishable,
            Quantity = request.TotalQuantity ?? 0,
            InUse = ConsumableHoldings.Held(turn.State, arn),
            CreatedAt = turn.Now,
            Updates = [],
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { ConsumableResourceName = name, ConsumableResourceArn = arn };
    }
}
