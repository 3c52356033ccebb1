using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.SchedulingPolicies;

/// <summary>A scheduling policy: how the queues that name it share their compute environments out (API Reference, SchedulingPolicyDetail).</summary>
public sealed record SchedulingPolicy
{
    private const float DefaultWeight = 1;

    /// <summary>The window of a policy that names none, or zero (API Reference, FairsharePolicy, shareDecaySeconds).</summary>
    private static readonly TimeSpan MinimumDecay = TimeSpan.FromSeconds(600);

    public required string Arn { get; init; }

    public required Scope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>Position in the total order of everything created.</summary>
    public required long Sequence { get; init; }

    /// <summary>Absent of a policy of quota shares, and of one that leaves everything at its default.</summary>
    public Wire.FairsharePolicy? Fairshare { get; init; }

    /// <summary>For queues that run service jobs.</summary>
    public Wire.QuotaSharePolicy? QuotaShare { get; init; }

    /// <summary>How long usage counts.</summary>
    public TimeSpan Decay => Fairshare?.ShareDecaySeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : MinimumDecay;

    /// <summary>What the usage of a share identifier is multiplied by: of the entry that names it, or a prefix of it; entries do not overlap.</summary>
    public double WeightOf(string shareIdentifier) =>
        Fairshare?.ShareDistribution?.FirstOrDefault(entry => SchedulingPolicyRules.Covers(entry.ShareIdentifier!, shareIdentifier))?.WeightFactor ?? DefaultWeight;

    /// <summary>How much of the vCPUs is kept for share identifiers that are not active (API Reference, FairsharePolicy, computeReservation).</summary>
    public double Reserved(int activeShares) => Fairshare?.ComputeReservation is { } percent ? Math.Pow(percent / 100d, activeShares) : 0;

    public Wire.SchedulingPolicyDetail ToWire(IReadOnlyDictionary<string, string> tags) => new()
    {
        Name = Name,
        Arn = Arn,
        FairsharePolicy = Fairshare,
        QuotaSharePolicy = QuotaShare,
        Tags = tags,
    };
}
