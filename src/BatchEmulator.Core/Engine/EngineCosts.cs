using BatchEmulator.Core.Costs;

namespace BatchEmulator.Core.Engine;

/// <summary>Estimated cost of what has run.</summary>
public static class EngineCosts
{
    /// <summary>Returns the cost since the engine's first turn or the last reset.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="jobs">Number of jobs that are listed.</param>
    public static CostReport Read(Turn turn, int jobs) =>
        CostLines.Report(turn.State.Costs.Settled(), turn.State.Time.Since ?? turn.Now, turn.Now, jobs);
}
