using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>A rule for the attempts that it matches.</summary>
internal sealed record OutcomeRule
{
    public Wildcard? JobName { get; init; }

    public Wildcard? JobQueue { get; init; }

    /// <summary>Pattern of a name, or of a name and a revision.</summary>
    public Wildcard? JobDefinition { get; init; }

    /// <summary>Index of an array child or a node.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>Counted from 1.</summary>
    public int? Attempt { get; init; }

    public required SimulatedOutcome Outcome { get; init; }

    public bool Matches(AttemptLaunch launch) =>
        (Attempt is null || Attempt == launch.Key.Attempt)
        && (ArrayIndex is null || ArrayIndex == launch.Index)
        && JobName?.Matches(launch.JobName) != false
        && JobQueue?.Matches(launch.JobQueue) != false
        && (JobDefinition is not { } names
            || (launch.JobDefinition is { } definition && (names.Matches(definition) || names.Matches(NameOf(definition)))));

    private static string NameOf(string definition) => definition.LastIndexOf(':') is >= 0 and var colon ? definition[..colon] : definition;
}
