using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Engine;

/// <summary>
/// A recorded fact. The same list of changes feeds the state in memory, the store, and whoever watches; applying every change since
/// the beginning, or those that the store loads, gives the same state.
/// </summary>
public abstract record Change;

public sealed record ComputeEnvironmentSaved(ComputeEnvironment Value) : Change;

public sealed record ComputeEnvironmentRemoved(ComputeEnvironment Value) : Change;

public sealed record JobQueueSaved(JobQueue Value) : Change;

public sealed record JobQueueRemoved(JobQueue Value) : Change;

public sealed record ServiceEnvironmentSaved(ServiceEnvironment Value) : Change;

public sealed record ServiceEnvironmentRemoved(ServiceEnvironment Value) : Change;

public sealed record ConsumableResourceSaved(ConsumableResource Value) : Change;

public sealed record ConsumableResourceRemoved(ConsumableResource Value) : Change;

public sealed record SchedulingPolicySaved(SchedulingPolicy Value) : Change;

public sealed record SchedulingPolicyRemoved(SchedulingPolicy Value) : Change;

/// <summary>What a share identifier has used so far, noted before what it holds changes.</summary>
public sealed record ShareUsageSaved(ShareUsage Value) : Change;

/// <summary>A usage counts no longer.</summary>
public sealed record ShareUsageRemoved(ShareUsage Value) : Change;

public sealed record JobDefinitionSaved(JobDefinition Value) : Change;

/// <summary>An INACTIVE revision is forgotten; only its number stays taken.</summary>
public sealed record JobDefinitionPurged(JobDefinition Value) : Change;

/// <summary>A job in a new state.</summary>
/// <param name="Value">The job as it is now.</param>
/// <param name="Previous">Its status before; null when it is new.</param>
public sealed record JobSaved(Job Value, JobStatus? Previous) : Change;

/// <summary>Tags of a resource were set or, where the value is null, removed.</summary>
public sealed record TagsPatched(string Arn, IReadOnlyDictionary<string, string?> Patch) : Change;

/// <summary>Jobs that finished before a time may be forgotten; the store does so, a bounded number at once.</summary>
public sealed record FinishedJobsExpired(DateTimeOffset Before) : Change;

/// <summary>Everything is gone, as on the first start.</summary>
public sealed record EverythingRemoved : Change;
