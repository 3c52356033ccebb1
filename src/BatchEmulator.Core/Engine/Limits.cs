namespace BatchEmulator.Core.Engine;

/// <summary>Limits that AWS documents and that would be unexpected on a laptop: those of AWS, or relaxed.</summary>
public sealed record Limits
{
    /// <summary>Limits for work on a laptop, with clients and scripts of every age.</summary>
    public static readonly Limits Relaxed = new();

    /// <summary>Limits as AWS documents them.</summary>
    public static readonly Limits Strict = new() { TakesDisabledEnvironments = false, MinimumBulkJobs = 1 };

    /// <summary>Returns true if compute environments can be created DISABLED, which older clients do and AWS refuses since 2026.</summary>
    public bool TakesDisabledEnvironments { get; init; } = true;

    /// <summary>Minimum number of jobs of CancelJobs and TerminateJobs.</summary>
    public int MinimumBulkJobs { get; init; }
}
