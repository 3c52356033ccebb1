namespace BatchEmulator.Core.Scheduling.Allocation;

/// <summary>Allocation strategies by name, one line each.</summary>
internal static class AllocationMap
{
    private static readonly BestFit Default = new();

    private static readonly Dictionary<string, AllocationStrategy> ByName = new(StringComparer.Ordinal)
    {
        [Wire.CRAllocationStrategy.BestFit] = Default,
        [Wire.CRAllocationStrategy.BestFitProgressive] = new BestFitProgressive(),
        [Wire.CRAllocationStrategy.BestFitProgressiveOrdered] = new BestFitProgressiveOrdered(),
        [Wire.CRAllocationStrategy.SpotCapacityOptimized] = new SpotCapacityOptimized(),
        [Wire.CRAllocationStrategy.SpotPriceCapacityOptimized] = new SpotPriceCapacityOptimized(),
        [Wire.CRAllocationStrategy.SpotCapacityOptimizedPrioritized] = new SpotCapacityOptimizedPrioritized(),
    };

    /// <summary>Finds the strategy of an environment, which has BEST_FIT unless it names one.</summary>
    public static AllocationStrategy Find(string? name) => name is null ? Default : ByName[name];
}
