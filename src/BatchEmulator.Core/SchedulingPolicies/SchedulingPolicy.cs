using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.SchedulingPolicies;

/// <summary>
/// A scheduling policy: the distribution of compute environments among the shares of its queues (API Reference, SchedulingPolicyDetail).
/// </summary>
public sealed record SchedulingPolicy : Resource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<SchedulingPolicy> Row = new(
        Identity.Arn.SchedulingPolicyType,
        number: 3,
        "Scheduling Policy",
        "schedulingPolicies",
        SchedulingPolicyJson.Documents.SchedulingPolicy,
        static (writer, resource) => JsonSerializer.Serialize(writer, resource.ToWire(Tags.None), BatchJson.Wire.SchedulingPolicyDetail));

    private const float DefaultWeight = 1;

    /// <summary>Decay time of a policy without one, or with zero (API Reference, FairsharePolicy, shareDecaySeconds).</summary>
    private static readonly TimeSpan MinimumDecay = TimeSpan.FromSeconds(600);

    public override ResourceKind Kind => Row;

    /// <summary>Fair-share policy; absent for a policy of quota shares, and for one that has defaults only.</summary>
    public Wire.FairsharePolicy? Fairshare { get; init; }

    /// <summary>Policy of queues that run service jobs.</summary>
    public Wire.QuotaSharePolicy? QuotaShare { get; init; }

    /// <summary>Time for which usage counts.</summary>
    public TimeSpan Decay => Fairshare?.ShareDecaySeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : MinimumDecay;

    /// <summary>
    /// Weight of a share identifier, by which its usage is multiplied: of the entry that names it, or a prefix of it; entries do not
    /// overlap.
    /// </summary>
    public double WeightOf(string shareIdentifier) =>
        Fairshare?.ShareDistribution
            ?.FirstOrDefault(entry => SchedulingPolicyRules.Covers(entry.ShareIdentifier!, shareIdentifier))
            ?.WeightFactor ?? DefaultWeight;

    /// <summary>
    /// Part of the vCPUs that is reserved for inactive share identifiers (API Reference, FairsharePolicy, computeReservation).
    /// </summary>
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
