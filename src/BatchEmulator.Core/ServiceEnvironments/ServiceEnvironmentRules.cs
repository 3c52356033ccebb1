using System.Text.RegularExpressions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.ServiceEnvironments;

/// <summary>Validates service environments; messages are AWS's (API Reference, CapacityLimit).</summary>
internal static partial class ServiceEnvironmentRules
{
    /// <summary>Unit that counts instances of any type; any other unit is an instance type.</summary>
    public const string AnyInstance = "NUM_INSTANCES";

    private const int MaximumLimits = 5;

    public static void CheckLimits(IReadOnlyList<Wire.CapacityLimit> limits)
    {
        Require(limits.Count > 0, "Capacitylimits are required.");
        Require(limits.Count <= MaximumLimits, "Number of capacity limits exceeds 5.");
        Require(limits.All(limit => limit is { CapacityUnit.Length: > 0, MaxCapacity: not null }), OpenTexts.CapacityLimitIncomplete);
        Require(limits.All(limit => limit.MaxCapacity > 0), "Max capacity must be more than 0.");
        foreach (var limit in limits)
        {
            Require(
                limit.CapacityUnit == AnyInstance || InstanceTypePattern().IsMatch(limit.CapacityUnit!),
                OpenTexts.CapacityUnit(limit.CapacityUnit!));
        }

        Require(
            limits.All(limit => limit.CapacityUnit == AnyInstance) || limits.All(limit => limit.CapacityUnit != AnyInstance),
            "Capacity units must specify either number of instances OR instance type");
        Require(limits.DistinctBy(limit => limit.CapacityUnit).Count() == limits.Count, OpenTexts.CapacityUnitTwice);
    }

    /// <summary>Form of SageMaker's instance types; their existence is not checked.</summary>
    [GeneratedRegex(@"\Aml\.[a-z0-9\-]{1,32}\.[a-z0-9]{1,16}\z", RegexOptions.NonBacktracking)]
    private static partial Regex InstanceTypePattern();
}
