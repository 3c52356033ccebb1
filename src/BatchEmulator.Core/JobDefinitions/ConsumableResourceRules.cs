using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// What is refused of consumableResourceProperties, in AWS's words (User Guide, "Resource-aware scheduling"). Whether the resources exist is
/// not asked: they may be deleted and created again while jobs wait for them.
/// </summary>
public static class ConsumableResourceRules
{
    private const int MaximumResources = 5;

    public static void Check(Wire.ConsumableResourceProperties? properties)
    {
        var requirements = properties?.ConsumableResourceList ?? [];
        Require(requirements.Count <= MaximumResources, "Each ConsumableResourceProperty can have at most 5 consumableResources");
        Require(requirements.All(r => !string.IsNullOrEmpty(r.ConsumableResource) && r.Quantity >= 1), OpenTexts.ConsumableResourceIncomplete);
        Require(
            requirements.DistinctBy(r => Arn.NameOf(r.ConsumableResource!)).Count() == requirements.Count,
            "Cannot have duplicate consumableResource in consumableResourceProperties");
    }

    /// <summary>As it is echoed: with the list, empty when there is none.</summary>
    public static Wire.ConsumableResourceProperties? Echo(Wire.ConsumableResourceProperties? properties) =>
        properties is null ? null : new() { ConsumableResourceList = properties.ConsumableResourceList ?? [] };
}
