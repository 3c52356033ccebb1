using BatchEmulator.Core.Instances;

namespace BatchEmulator.Hosting.Faults;

/// <summary>Answer of <c>/_emulator/faults</c>: the faults that are left.</summary>
/// <param name="Throttle">Calls that are answered with 429; null if none are.</param>
/// <param name="Fail">Calls that are answered with 500; null if none are.</param>
/// <param name="Shortage">Capacity that is not to be had; null if all is.</param>
/// <param name="Hazard">Expected Spot interruptions; null if there are none.</param>
internal sealed record FaultsState(
    ApiFault? Throttle, ApiFault? Fail, IReadOnlyList<ShortageState>? Shortage = null, HazardState? Hazard = null)
{
    /// <summary>Adds the faults of capacity.</summary>
    public FaultsState With(Market market, DateTimeOffset now)
    {
        ShortageState[] shortages =
        [
            .. market.Shortages.Where(shortage => shortage.Until > now).Select(shortage => new ShortageState(
                shortage.InstanceType, shortage.Purchase?.Wire(), (int)Math.Ceiling((shortage.Until - now).TotalSeconds))),
        ];
        return this with
        {
            Shortage = shortages.Length == 0 ? null : shortages,
            Hazard = market.Hazards.Count == 0 ? null : new(market.Hazards, market.Seed),
        };
    }
}

/// <summary>Capacity that is not to be had.</summary>
/// <param name="InstanceType">Instance type; null for all.</param>
/// <param name="Purchase"><c>SPOT</c> or <c>ON_DEMAND</c>; null for both.</param>
/// <param name="Seconds">Seconds that are left.</param>
internal sealed record ShortageState(string? InstanceType, string? Purchase, int Seconds);

/// <summary>Expected Spot interruptions.</summary>
/// <param name="Rates">Interruptions in an hour, by instance type.</param>
/// <param name="Seed">Seed of their times.</param>
internal sealed record HazardState(IReadOnlyDictionary<string, double> Rates, int Seed);
