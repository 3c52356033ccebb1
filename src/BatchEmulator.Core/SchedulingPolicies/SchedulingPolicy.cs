using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.SchedulingPolicies;

/// <summary>
/// A scheduling policy: how the queues that name it share their compute environments out (API Reference, SchedulingPolicyDetail).
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

    /// <summary>The window of a policy that names none, or zero (API Reference, FairsharePolicy, shareDecaySeconds).</summary>
    private static readonly TimeSpan MinimumDecay = TimeSpan.FromSeconds(600);

    public override ResourceKind Kind => Row;

    /// <summary>Absent of a policy of quota shares, and of one that leaves everything at its default.</summary>
    public Wire.FairsharePolicy? Fairshare { get; init; }

    /// <summary>Policy of queues that run service jobs.</summary>
    public Wire.QuotaSharePolicy? QuotaShare { get; init; }

    /// <summary>Time for which usage counts.</summary>
    public TimeSpan Decay => Fairshare?.ShareDecaySeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : MinimumDecay;

    /// <summary>
    /// What the usage of a share identifier is multiplied by: of the entry that names it, or a prefix of it; entries do not overlap.
    /// </summary>
    public double WeightOf(string shareIdentifier) =>
        Fairshare?.ShareDistribution
            ?.FirstOrDefault(entry => SchedulingPolicyRules.Covers(entry.ShareIdentifier!, shareIdentifier))
            ?.WeightFactor ?? DefaultWeight;

    /// <summary>
    /// How much of the vCPUs is kept for share identifiers that are not active (API Reference, FairsharePolicy, computeReservation).
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
