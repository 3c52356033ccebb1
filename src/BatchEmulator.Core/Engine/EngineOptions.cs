using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine;

/// <summary>Options of the engine.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Time for which environments and queues are CREATING, UPDATING or DELETING; zero completes the change in the turn that makes it.
    /// </summary>
    public TimeSpan ResourceDelay { get; init; } = Settling.Duration;

    /// <summary>Time for which finished jobs stay describable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Added to every job's environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> JobEnvironment { get; init; } = [];

    /// <summary>
    /// True if managed EC2 and Spot environments have instances, which decide when and where jobs start; false if room within maxvCpus is
    /// enough.
    /// </summary>
    public bool HasInstances { get; init; } = true;

    /// <summary>Time until a launched instance can run jobs.</summary>
    public TimeSpan ScaleUpDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Time for which an instance is kept without jobs.</summary>
    public TimeSpan ScaleDownDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Percentage by which Spot capacity is cheaper than On-Demand capacity in cost reports.</summary>
    public decimal SpotDiscountPercent { get; init; } = 65;

    /// <summary>Limits of the operations.</summary>
    public Limits Limits { get; init; } = Limits.Relaxed;
}
