namespace BatchEmulator.Core.Storage;

/// <summary>Numbers of stored resources and jobs, over all accounts and Regions.</summary>
/// <param name="ComputeEnvironments">Compute environments.</param>
/// <param name="ServiceEnvironments">Service environments.</param>
/// <param name="JobQueues">Job queues.</param>
/// <param name="SchedulingPolicies">Scheduling policies.</param>
/// <param name="ConsumableResources">Consumable resources.</param>
/// <param name="JobDefinitions">Revisions of job definitions, active or not.</param>
/// <param name="Jobs">Jobs, children and nodes by status.</param>
public sealed record EntityCounts(
    long ComputeEnvironments,
    long ServiceEnvironments,
    long JobQueues,
    long SchedulingPolicies,
    long ConsumableResources,
    long JobDefinitions,
    IReadOnlyDictionary<string, long> Jobs);
