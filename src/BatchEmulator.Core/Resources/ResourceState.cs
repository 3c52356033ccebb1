namespace BatchEmulator.Core.Resources;

/// <summary>State of a resource that the user sets.</summary>
public enum ResourceState
{
    Enabled,
    Disabled,
}

/// <summary>Status of a resource in its life. A deleted one is gone.</summary>
public enum ResourceStatus
{
    Creating,
    Updating,
    Deleting,
    Valid,
    Invalid,
}

/// <summary>The words of the wire for the domain's enums.</summary>
public static class ResourceWords
{
    public static string Wire(this ResourceState state) =>
        state == ResourceState.Enabled ? Contract.Batch.CEState.Enabled : Contract.Batch.CEState.Disabled;

    public static string Wire(this ResourceStatus status) => status switch
    {
        ResourceStatus.Creating => Contract.Batch.CEStatus.Creating,
        ResourceStatus.Updating => Contract.Batch.CEStatus.Updating,
        ResourceStatus.Deleting => Contract.Batch.CEStatus.Deleting,
        ResourceStatus.Invalid => Contract.Batch.CEStatus.Invalid,
        _ => Contract.Batch.CEStatus.Valid,
    };

    /// <summary>Absent means enabled; the constraints of the model have refused every other word.</summary>
    public static ResourceState ParseState(string? word) =>
        word == Contract.Batch.CEState.Disabled ? ResourceState.Disabled : ResourceState.Enabled;
}
