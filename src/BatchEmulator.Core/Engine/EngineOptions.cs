using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Engine;

/// <summary>What the engine is told about its surroundings.</summary>
public sealed record EngineOptions
{
    /// <summary>
    /// Time for which environments and queues are CREATING, UPDATING or DELETING; zero completes the change in the turn that makes it.
    /// </summary>
    public TimeSpan ResourceDelay { get; init; } = Settling.Duration;

    /// <summary>How long finished jobs stay describable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Added to every job's environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> JobEnvironment { get; init; } = [];

    /// <summary>Refuses also what AWS documents but a laptop's user would not expect.</summary>
    public bool Strict { get; init; }
}
