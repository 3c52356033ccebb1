namespace BatchEmulator.Core.Resources;

/// <summary>State of a resource that the user sets.</summary>
public enum ResourceState
{
    Enabled,
    Disabled,
}

/// <summary>Status of a resource. A deleted one no longer exists.</summary>
public enum ResourceStatus
{
    Creating,
    Updating,
    Deleting,
    Valid,
    Invalid,
}

/// <summary>Names of the domain's enums on the wire.</summary>
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

    /// <summary>Parses a state. Absent means enabled; the constraints of the model have refused any unknown name.</summary>
    public static ResourceState ParseState(string? word) =>
        word == Contract.Batch.CEState.Disabled ? ResourceState.Disabled : ResourceState.Enabled;
}
