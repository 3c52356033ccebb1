namespace BatchEmulator.Core.Resources;

/// <summary>A resource that can be disabled, and whose changes take a while: CREATING, UPDATING and DELETING.</summary>
public abstract record StatefulResource : Resource
{
    public required ResourceState State { get; init; }

    public required ResourceStatus Status { get; init; }

    public string StatusReason { get; init; } = "";

    public bool IsBeingModified => SettlesAt is not null;

    /// <summary>Returns true if jobs can be submitted or placed here.</summary>
    public bool AcceptsJobs => State == ResourceState.Enabled && Status is (ResourceStatus.Valid or ResourceStatus.Updating);

    /// <summary>Status reason of a valid resource.</summary>
    protected virtual string ValidReason => "";

    public override Resource? Settled() => Status == ResourceStatus.Deleting
        ? null
        : this with { Status = ResourceStatus.Valid, StatusReason = ValidReason, SettlesAt = null };
}
