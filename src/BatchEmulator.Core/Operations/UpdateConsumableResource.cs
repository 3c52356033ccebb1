using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>UpdateConsumableResource: changes the quantity at once, and only once for requests with the same token.</summary>
internal static class UpdateConsumableResource
{
    /// <summary>
    /// Maximum number of remembered tokens; AWS remembers them for eight hours (API Reference, UpdateConsumableResource, clientToken).
    /// </summary>
    private const int MaximumTokens = 1_000;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(8);

    public static Wire.UpdateConsumableResourceResponse Decide(Turn turn, Scope scope, Wire.UpdateConsumableResourceRequest request)
    {
        var resource = turn.State.Of<ConsumableResource>()
            .GetValueOrDefault(Arn.Resolve(scope, Arn.ConsumableResourceType, request.ConsumableResource!));
        RequireState(resource is not null && resource.Scope == scope, OpenTexts.ConsumableResourceNotFound(request.ConsumableResource!));
        Require(request.Quantity is not null, OpenTexts.ConsumableQuantityRequired);
        Require(request.Quantity >= 0, OpenTexts.ConsumableQuantity);
        var known = resource!.Updates.Where(update => update.At + TokenLife > turn.Now).TakeLast(MaximumTokens - 1).ToList();
        if (!known.Exists(update => update.Token == request.ClientToken && update.Token.Length > 0))
        {
            resource = resource with
            {
                Quantity = After(resource.Quantity, request.Operation, request.Quantity!.Value),
                Updates = request.ClientToken is { Length: > 0 } token ? [.. known, new AppliedUpdate(token, turn.Now)] : known,
            };
            turn.Record(new ResourceSaved(resource));
        }

        return new() { ConsumableResourceName = resource.Name, ConsumableResourceArn = resource.Arn, TotalQuantity = resource.Total };
    }

    private static long After(long before, string? operation, long quantity)
    {
        Require(operation is null or "SET" or "ADD" or "REMOVE", OpenTexts.ConsumableOperation);
        Require(operation != "ADD" || quantity <= long.MaxValue - before, OpenTexts.ConsumableTotal);
        Require(operation != "REMOVE" || quantity <= before, OpenTexts.ConsumableTotal);
        return operation switch
        {
            "ADD" => before + quantity,
            "REMOVE" => before - quantity,
            _ => quantity,
        };
    }
}
