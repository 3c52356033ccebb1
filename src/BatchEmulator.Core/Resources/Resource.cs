using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Resources;

/// <summary>An object that a user creates, names and deletes, other than a job or a job definition.</summary>
public abstract record Resource
{
    public required string Arn { get; init; }

    /// <summary>Account and Region of its owner.</summary>
    public required Scope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>Position in the total order of everything created.</summary>
    public required long Sequence { get; init; }

    /// <summary>Row of the resource in the table of kinds.</summary>
    public abstract ResourceKind Kind { get; }

    /// <summary>Time at which the change in progress is complete; null if none is in progress.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    /// <summary>Returns the resource as it is once the change in progress is complete; null if that removes it.</summary>
    public virtual Resource? Settled() => this;

    /// <summary>Returns the latest time that the resource records; null if it records none.</summary>
    /// <param name="delay">Duration of a change of a resource.</param>
    public virtual DateTimeOffset? LatestTime(TimeSpan delay) => SettlesAt - delay;
}
