using System.Collections.Immutable;

namespace BatchEmulator.Core.Instances;

/// <summary>Capacity that EC2 and Fargate offer: without a limit, unless a fault takes it away.</summary>
public sealed record Market
{
    /// <summary>The market without faults.</summary>
    public static readonly Market Unlimited = new();

    /// <summary>Capacity that is not to be had for a while.</summary>
    public ImmutableList<Shortage> Shortages { get; init; } = [];

    /// <summary>Expected interruptions of a Spot instance in an hour, by instance type; <see cref="Hazard.Every"/> is any other.</summary>
    public ImmutableSortedDictionary<string, double> Hazards { get; init; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Seed of the times of interruptions.</summary>
    public int Seed { get; init; }

    /// <summary>Returns true if an instance is to be had.</summary>
    public bool Has(InstanceType type, Purchase purchase, DateTimeOffset now) =>
        !Shortages.Any(shortage => shortage.Until > now && shortage.Concerns(type.Name, purchase));

    /// <summary>Returns the expected interruptions of a Spot instance in an hour.</summary>
    public double HazardOf(string type) =>
        Hazards.Count == 0 ? 0 : Hazards.TryGetValue(type, out var hazard) ? hazard : Hazards.GetValueOrDefault(Hazard.Every);
}

/// <summary>Capacity that is not to be had for a while.</summary>
/// <param name="InstanceType">Name of the instance type; null for all.</param>
/// <param name="Purchase">On-Demand or Spot; null for both.</param>
/// <param name="Until">End of the shortage.</param>
public sealed record Shortage(string? InstanceType, Purchase? Purchase, DateTimeOffset Until)
{
    public bool Concerns(string type, Purchase purchase) =>
        (InstanceType is null || InstanceType == type) && (Purchase is null || Purchase == purchase);
}
