using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ConsumableResources;

/// <summary>
/// A limited resource of which jobs need units, such as licences (User Guide, "Resource-aware scheduling"). A job holds its units while it
/// is STARTING and RUNNING.
/// </summary>
public sealed record ConsumableResource : Resource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<ConsumableResource> Row = new(
        Identity.Arn.ConsumableResourceType,
        number: 5,
        "Consumable Resource",
        "consumableResources",
        ConsumableResourceJson.Documents.ConsumableResource,
        static (writer, resource) =>
            JsonSerializer.Serialize(writer, resource.ToWire(Tags.None), BatchJson.Wire.DescribeConsumableResourceResponse));

    /// <summary>Units return when a job ends.</summary>
    public const string Replenishable = "REPLENISHABLE";

    /// <summary>Units are used up.</summary>
    public const string NonReplenishable = "NON_REPLENISHABLE";

    public override ResourceKind Kind => Row;

    public required string Type { get; init; }

    /// <summary>Quantity that the owner set; if more is in use, it is reached as jobs end.</summary>
    public required long Quantity { get; init; }

    /// <summary>Quantity that jobs hold.</summary>
    public required long InUse { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The latest updates with a token, oldest first.</summary>
    public required IReadOnlyList<AppliedUpdate> Updates { get; init; }

    public override DateTimeOffset? LatestTime(TimeSpan delay) => Updates.Select(update => update.At).Append(CreatedAt).Max();

    public long Total => Math.Max(Quantity, InUse);

    public long Available => Math.Max(Quantity - InUse, 0);

    /// <summary>Takes units for a job.</summary>
    public ConsumableResource Taken(long units) => this with { InUse = InUse + units };

    /// <summary>Returns the units of a job.</summary>
    /// <param name="units">Number of units.</param>
    /// <param name="haveBeenUsed">True if their job has ended; a job that will be tried again has used none.</param>
    public ConsumableResource Freed(long units, bool haveBeenUsed) => this with
    {
        InUse = InUse - units,
        Quantity = Type == NonReplenishable && haveBeenUsed ? Math.Max(Quantity - units, 0) : Quantity,
    };

    public Wire.DescribeConsumableResourceResponse ToWire(IReadOnlyDictionary<string, string> tags) => new()
    {
        ConsumableResourceName = Name,
        ConsumableResourceArn = Arn,
        TotalQuantity = Total,
        InUseQuantity = InUse,
        AvailableQuantity = Available,
        ResourceType = Type,
        CreatedAt = CreatedAt.ToUnixTimeMilliseconds(),
        Tags = tags,
    };

    public Wire.ConsumableResourceSummary ToSummary() => new()
    {
        ConsumableResourceArn = Arn,
        ConsumableResourceName = Name,
        TotalQuantity = Total,
        InUseQuantity = InUse,
        ResourceType = Type,
    };
}

/// <summary>An update that is not repeated with the same token.</summary>
public sealed record AppliedUpdate(string Token, DateTimeOffset At);
