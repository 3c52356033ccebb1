using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ConsumableResources;

/// <summary>
/// Something of which jobs need units and of which there are only so many, such as licences (User Guide, "Resource-aware scheduling"). A
/// job holds its units while it is STARTING and RUNNING.
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

    /// <summary>The latest updates that were told apart by a token, oldest first.</summary>
    public required IReadOnlyList<AppliedUpdate> Updates { get; init; }

    public override DateTimeOffset? LatestTime(TimeSpan delay) => Updates.Select(update => update.At).Append(CreatedAt).Max();

    public long Total => Math.Max(Quantity, InUse);

    public long Available => Math.Max(Quantity - InUse, 0);

    /// <summary>Units are held.</summary>
    public ConsumableResource Taken(long units) => this with { InUse = InUse + units };

    /// <summary>Units are held no longer.</summary>
    /// <param name="units">How many.</param>
    /// <param name="haveBeenUsed">Whether their job has ended; one that will be tried again has used none.</param>
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

/// <summary>An update that is not done again when it is asked for again.</summary>
public sealed record AppliedUpdate(string Token, DateTimeOffset At);
