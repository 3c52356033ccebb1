using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.QuotaShares;

/// <summary>
/// A quota share: a virtual queue within a job queue that runs service jobs, with limits of its own (API Reference, QuotaShareDetail).
/// </summary>
public sealed record QuotaShare : StatefulResource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<QuotaShare> Row = new(
        Identity.Arn.QuotaShareType,
        number: 6,
        "Quota Share",
        "quotaShares",
        QuotaShareJson.Documents.QuotaShare,
        static (writer, resource) => JsonSerializer.Serialize(writer, resource.ToWire(), BatchJson.Wire.QuotaShareDetail));

    public override ResourceKind Kind => Row;

    public required string JobQueueArn { get; init; }

    /// <summary>Limits, one for each instance type that its jobs can have.</summary>
    public required IReadOnlyList<Wire.QuotaShareCapacityLimit> CapacityLimits { get; init; }

    public required Wire.QuotaShareResourceSharingConfiguration ResourceSharing { get; init; }

    public required Wire.QuotaSharePreemptionConfiguration Preemption { get; init; }

    /// <summary>Returns true if other shares can use what this one does not.</summary>
    public bool Lends => ResourceSharing.Strategy != Wire.QuotaShareResourceSharingStrategy.Reserve;

    /// <summary>Returns true if its jobs can use what other shares lend.</summary>
    public bool Borrows => ResourceSharing.Strategy == Wire.QuotaShareResourceSharingStrategy.LendAndBorrow;

    /// <summary>Returns true if its waiting jobs stop running ones of lower priority.</summary>
    public bool PreemptsInShare => Preemption.InSharePreemption == Wire.QuotaShareInSharePreemptionState.Enabled;

    /// <summary>Returns its limit of an instance type; 0 for a type without one.</summary>
    public long LimitOf(string instanceType) =>
        CapacityLimits.FirstOrDefault(limit => limit.CapacityUnit == instanceType)?.MaxCapacity ?? 0;

    /// <summary>
    /// Returns the number of instances of a type that it can borrow beyond its limit: a percentage of the limit, so none of a type without
    /// one.
    /// </summary>
    public long BorrowLimitOf(string instanceType) =>
        !Borrows || LimitOf(instanceType) == 0 ? 0
        : ResourceSharing.BorrowLimit is { } percent and not QuotaShareRules.UnlimitedBorrowing ? LimitOf(instanceType) * percent / 100
        : long.MaxValue / 2;

    /// <summary>Returns the share after the change. One that is being deleted stays until its last job has ended.</summary>
    public override Resource Settled() => Status == ResourceStatus.Deleting ? this : base.Settled()!;

    public Wire.QuotaShareDetail ToWire() => new()
    {
        QuotaShareName = Name,
        QuotaShareArn = Arn,
        JobQueueArn = JobQueueArn,
        CapacityLimits = CapacityLimits,
        ResourceSharingConfiguration = ResourceSharing,
        PreemptionConfiguration = Preemption,
        State = State.Wire(),
        Status = Status.Wire(),
    };
}
