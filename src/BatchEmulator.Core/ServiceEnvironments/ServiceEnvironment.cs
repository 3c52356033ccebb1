using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.ServiceJobs;

namespace BatchEmulator.Core.ServiceEnvironments;

/// <summary>A service environment: how many instances of a service its jobs may use at once, and its life (API Reference, ServiceEnvironmentDetail).</summary>
public sealed record ServiceEnvironment
{
    public required string Arn { get; init; }

    public required Scope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>Position in the total order of everything created.</summary>
    public required long Sequence { get; init; }

    public required string Type { get; init; }

    /// <summary>One limit of all instances, or one for each of some instance types.</summary>
    public required IReadOnlyList<Wire.CapacityLimit> CapacityLimits { get; init; }

    public required ResourceState State { get; init; }

    public required ResourceStatus Status { get; init; }

    /// <summary>When the change in progress completes; null when none is.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    public bool IsBeingModified => SettlesAt is not null;

    /// <summary>Whether the scheduler may place jobs here.</summary>
    public bool AcceptsJobs => State == ResourceState.Enabled && Status is (ResourceStatus.Valid or ResourceStatus.Updating);

    /// <summary>The sum of all limits.</summary>
    public int MaximumInstances => (int)Math.Min(CapacityLimits.Sum(limit => (long)limit.MaxCapacity!.Value), int.MaxValue);

    /// <summary>Whether instances fit below the limits.</summary>
    /// <param name="wanted">What a job asks for.</param>
    /// <param name="used">How many instances of a type are in use; of all types for null.</param>
    public bool HasRoom(IReadOnlyList<InstanceCount> wanted, Func<string?, long> used) =>
        CapacityLimits is [{ CapacityUnit: ServiceEnvironmentRules.AnyInstance } limit]
            ? used(null) + InstanceCount.Total(wanted) <= limit.MaxCapacity
            : wanted.All(instances => used(instances.Type) + instances.Count <= MaximumOf(instances.Type));

    /// <summary>The change in progress is complete.</summary>
    public ServiceEnvironment Settled() => this with { Status = ResourceStatus.Valid, SettlesAt = null };

    public Wire.ServiceEnvironmentDetail ToWire(IReadOnlyDictionary<string, string> tags) => new()
    {
        ServiceEnvironmentName = Name,
        ServiceEnvironmentArn = Arn,
        ServiceEnvironmentType = Type,
        State = State.Wire(),
        Status = Status.Wire(),
        CapacityLimits = CapacityLimits,
        Tags = tags,
    };

    private int MaximumOf(string instanceType) => CapacityLimits.FirstOrDefault(limit => limit.CapacityUnit == instanceType)?.MaxCapacity ?? 0;
}
