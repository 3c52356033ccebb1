using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>Amounts that have to fit on one instance.</summary>
/// <param name="Amounts">The amounts.</param>
/// <param name="Types">The only instance types or families that will do; empty for all.</param>
internal sealed record InstanceNeeds(ResourceAmounts Amounts, IReadOnlyList<string> Types);
