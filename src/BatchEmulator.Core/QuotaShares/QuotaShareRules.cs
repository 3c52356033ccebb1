using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.QuotaShares;

/// <summary>Validates quota shares (API Reference, CreateQuotaShare; User Guide, "Quota shares").</summary>
internal static class QuotaShareRules
{
    /// <summary>Number of shares of a queue (User Guide, "Service quotas").</summary>
    public const int MaximumShares = 20;

    /// <summary>Value of borrowLimit without a limit, and its default.</summary>
    public const int UnlimitedBorrowing = -1;

    private const int MaximumLimits = 5;

    /// <summary>Checks the limits of a share against the instance types of its queue's service environment.</summary>
    public static void CheckLimits(IReadOnlyList<Wire.QuotaShareCapacityLimit> limits, ServiceEnvironment? environment)
    {
        Require(limits.Count > 0, "Capacitylimits are required.");
        Require(limits.Count <= MaximumLimits, "Number of capacity limits exceeds 5.");
        Require(limits.All(limit => limit is { CapacityUnit.Length: > 0, MaxCapacity: not null }), OpenTexts.CapacityLimitIncomplete);
        Require(limits.All(limit => limit.MaxCapacity > 0), "Max capacity must be more than 0.");
        Require(limits.DistinctBy(limit => limit.CapacityUnit).Count() == limits.Count, OpenTexts.CapacityUnitTwice);
        foreach (var limit in limits)
        {
            Require(environment?.Limits(limit.CapacityUnit!) == true, OpenTexts.QuotaShareUnit(limit.CapacityUnit!));
        }
    }

    /// <summary>Checks a sharing configuration and returns it with its default.</summary>
    public static Wire.QuotaShareResourceSharingConfiguration CheckSharing(Wire.QuotaShareResourceSharingConfiguration sharing)
    {
        var borrows = sharing.Strategy == Wire.QuotaShareResourceSharingStrategy.LendAndBorrow;
        Require(borrows || sharing.BorrowLimit is null, OpenTexts.BorrowLimitStrategy);
        Require(sharing.BorrowLimit is null or >= UnlimitedBorrowing, OpenTexts.BorrowLimit);
        return borrows ? sharing with { BorrowLimit = sharing.BorrowLimit ?? UnlimitedBorrowing } : sharing;
    }
}
