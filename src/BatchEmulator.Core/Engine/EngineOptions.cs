using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>What the engine is told about its surroundings.</summary>
public sealed record EngineOptions
{
    /// <summary>The machine's share for jobs; null when the executor does not use the machine.</summary>
    public ResourceAmounts? Host { get; init; }

    /// <summary>How long finished jobs stay describable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Added to every job's environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> JobEnvironment { get; init; } = [];

    /// <summary>Refuses also what AWS documents but a laptop's user would not expect.</summary>
    public bool Strict { get; init; }
}
