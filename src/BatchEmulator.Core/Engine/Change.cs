using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// A recorded fact. The same list of changes feeds the state in memory, the store, and the watchers; applying every change since the
/// beginning, or those that the store loads, gives the same state.
/// </summary>
public abstract record Change;

/// <summary>A resource was created or has changed.</summary>
public sealed record ResourceSaved(Resource Value) : Change;

/// <summary>A resource was removed.</summary>
public sealed record ResourceRemoved(Resource Value) : Change;

/// <summary>The ordering of a queue recorded a note, which must survive a restart.</summary>
public sealed record OrderingNoteSaved(OrderingNote Value) : Change;

/// <summary>A note of an ordering is no longer needed.</summary>
public sealed record OrderingNoteRemoved(OrderingNote Value) : Change;

/// <summary>A job definition was registered or deregistered.</summary>
public sealed record JobDefinitionSaved(JobDefinition Value) : Change;

/// <summary>An INACTIVE revision is forgotten; only its number stays reserved.</summary>
public sealed record JobDefinitionPurged(JobDefinition Value) : Change;

/// <summary>A job in a new state.</summary>
/// <param name="Value">The job after the change.</param>
/// <param name="Previous">Its status before; null if it is new.</param>
public sealed record JobSaved(Job Value, JobStatus? Previous) : Change
{
    /// <summary>Step of a preemption that the change is; null if it is none.</summary>
    public PreemptionStep? Preemption { get; init; }
}

/// <summary>Tags of a resource were set or, where the value is null, removed.</summary>
public sealed record TagsPatched(string Arn, IReadOnlyDictionary<string, string?> Patch) : Change;

/// <summary>Jobs that finished before a time may be forgotten; the store does so, a bounded number at a time.</summary>
public sealed record FinishedJobsExpired(DateTimeOffset Before) : Change
{
    /// <summary>Maximum number of jobs that a store forgets in one turn, which limits the delay of the commit.</summary>
    public const int MaximumAtOnce = 5_000;
}

/// <summary>Everything is removed, as on the first start.</summary>
public sealed record EverythingRemoved : Change;
