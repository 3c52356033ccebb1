using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.SchedulingPolicies;

/// <summary>Validates scheduling policies; messages are AWS's (API Reference, FairsharePolicy and ShareAttributes).</summary>
internal static class SchedulingPolicyRules
{
    private const int MaximumEntries = 500;
    private const int MaximumDecaySeconds = 604_800;

    public static void Check(Wire.FairsharePolicy? fairshare, Wire.QuotaSharePolicy? quotaShare)
    {
        Require(fairshare is null || quotaShare is null, "A scheduling policy can have either fairsharePolicy or quotaSharePolicy");
        Require(
            quotaShare is null || quotaShare.IdleResourceAssignmentStrategy == Wire.QuotaShareIdleResourceAssignmentStrategy.Fifo,
            "Idle resource assignment strategy must be one of [FIFO].");
        if (fairshare is not null)
        {
            Require(fairshare.ShareDecaySeconds is null or (>= 0 and <= MaximumDecaySeconds), OpenTexts.ShareDecay);
            Require(fairshare.ComputeReservation is null or (>= 0 and <= 99), OpenTexts.ComputeReservation);
            Check(fairshare.ShareDistribution ?? []);
        }
    }

    /// <summary>Returns the stored and echoed form: lists are present.</summary>
    public static Wire.FairsharePolicy? Echo(Wire.FairsharePolicy? fairshare) =>
        fairshare is null ? null : fairshare with { ShareDistribution = fairshare.ShareDistribution ?? [] };

    /// <summary>Returns true if an entry, which may be a prefix with a final <c>*</c>, covers a share identifier.</summary>
    internal static bool Covers(string entry, string shareIdentifier) => Wildcard.AtEnd(entry).Matches(shareIdentifier);

    private static void Check(IReadOnlyList<Wire.ShareAttributes> entries)
    {
        Require(entries.Count <= MaximumEntries, "ShareDistribution size cannot be greater than 500.");
        foreach (var entry in entries)
        {
            Require(ResourceName.IsValidShareIdentifier(entry.ShareIdentifier!), "ShareIdentifier name should match a valid pattern.");
            Require(entry.WeightFactor is null or (>= 0.0001f and <= 999.9999f), "Weight factor should be between 0.0001 and 999.9999.");
        }

        Require(entries.DistinctBy(e => e.ShareIdentifier).Count() == entries.Count, "Cannot have two or more identical shareIdentifiers.");
        foreach (var prefix in entries.Select(e => e.ShareIdentifier!).Where(entry => !Wildcard.AtEnd(entry).IsExact))
        {
            var covered = entries.Select(e => e.ShareIdentifier!).FirstOrDefault(other => other != prefix && Covers(prefix, other));
            Require(covered is null, $"Share identifier {covered} matches another share identifier {prefix}");
        }
    }
}
