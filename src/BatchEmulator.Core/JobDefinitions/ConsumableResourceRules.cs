using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// Validates consumableResourceProperties; messages are AWS's (User Guide, "Resource-aware scheduling"). The existence of the resources is
/// not checked: they may be deleted and created again while jobs wait for them.
/// </summary>
internal static class ConsumableResourceRules
{
    private const int MaximumResources = 5;

    public static void Check(Wire.ConsumableResourceProperties? properties)
    {
        var requirements = properties?.ConsumableResourceList ?? [];
        Require(requirements.Count <= MaximumResources, "Each ConsumableResourceProperty can have at most 5 consumableResources");
        Require(
            requirements.All(r => !string.IsNullOrEmpty(r.ConsumableResource) && r.Quantity >= 1),
            OpenTexts.ConsumableResourceIncomplete);
        Require(
            requirements.DistinctBy(r => Arn.NameOf(r.ConsumableResource!)).Count() == requirements.Count,
            "Cannot have duplicate consumableResource in consumableResourceProperties");
    }

    /// <summary>Returns all units that a job needs, including those of each node; null if it needs none.</summary>
    internal static IReadOnlyList<ConsumableUnits>? UnitsOf(
        Scope scope, Wire.ConsumableResourceProperties? properties, Wire.NodeProperties? nodes)
    {
        var ofNodes = Enumerable.Range(0, nodes?.NumNodes ?? 0)
            .Select(index => NodeRange.PropertiesOf(nodes!, index).ConsumableResourceProperties);
        var units = ofNodes.Append(properties)
            .SelectMany(p => p?.ConsumableResourceList ?? [])
            .GroupBy(
                r => Arn.Resolve(scope, Arn.ConsumableResourceType, r.ConsumableResource!), r => r.Quantity!.Value, StringComparer.Ordinal)
            .Select(
                group => new ConsumableUnits(
                    group.Key, group.Aggregate((sum, quantity) => quantity > long.MaxValue - sum ? long.MaxValue : sum + quantity)))
            .ToList();
        return units.Count == 0 ? null : units;
    }

    /// <summary>Returns the echoed form: with a list, which may be empty.</summary>
    public static Wire.ConsumableResourceProperties? Echo(Wire.ConsumableResourceProperties? properties) =>
        properties is null ? null : new() { ConsumableResourceList = properties.ConsumableResourceList ?? [] };
}
