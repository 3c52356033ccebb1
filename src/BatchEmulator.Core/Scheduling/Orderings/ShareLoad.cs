namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Load of a share identifier.</summary>
/// <param name="Identifier">The share identifier.</param>
/// <param name="Vcpus">vCPUs that its jobs hold.</param>
/// <param name="WeightedUsage">Usage by which the shares are ordered: the lowest comes next.</param>
/// <param name="Weight">Weight factor.</param>
public sealed record ShareLoad(string Identifier, double Vcpus, double WeightedUsage, double Weight);
