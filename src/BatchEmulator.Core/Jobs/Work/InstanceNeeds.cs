using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>Amounts that have to fit on one instance.</summary>
/// <param name="Amounts">The amounts.</param>
/// <param name="Types">The only instance types or families that will do; empty for all.</param>
internal sealed record InstanceNeeds(ResourceAmounts Amounts, IReadOnlyList<string> Types)
{
    /// <summary>Returns true if an instance without jobs can hold the amounts.</summary>
    public bool FitOn(InstanceType type) =>
        type.Holds(Amounts) && (Types.Count == 0 || Types.Contains(type.Name) || Types.Contains(type.Family));
}
