namespace BatchEmulator.Core.Storage;

/// <summary>Numbers of stored resources and jobs, over all accounts and Regions.</summary>
/// <param name="Resources">Resources by the plural name of their kind.</param>
/// <param name="JobDefinitions">Revisions of job definitions, active or not.</param>
/// <param name="Jobs">Jobs, children and nodes by status.</param>
public sealed record EntityCounts(IReadOnlyDictionary<string, long> Resources, long JobDefinitions, IReadOnlyDictionary<string, long> Jobs);
