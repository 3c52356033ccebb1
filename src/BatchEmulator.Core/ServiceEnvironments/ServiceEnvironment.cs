using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ServiceEnvironments;

/// <summary>
/// A service environment: the limit on instances of a service for its jobs, and its life (API Reference, ServiceEnvironmentDetail).
/// </summary>
public sealed record ServiceEnvironment : StatefulResource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<ServiceEnvironment> Row = new(
        Identity.Arn.ServiceEnvironmentType,
        number: 4,
        "Service Environment",
        "serviceEnvironments",
        ServiceEnvironmentJson.Documents.ServiceEnvironment,
        static (writer, resource) => JsonSerializer.Serialize(writer, resource.ToWire(Tags.None), BatchJson.Wire.ServiceEnvironmentDetail));

    public override ResourceKind Kind => Row;

    public required string Type { get; init; }

    /// <summary>Limits: one of all instances, or one for each of some instance types.</summary>
    public required IReadOnlyList<Wire.CapacityLimit> CapacityLimits { get; init; }

    /// <summary>Sum of all limits.</summary>
    public int MaximumInstances => (int)Math.Min(CapacityLimits.Sum(limit => (long)limit.MaxCapacity!.Value), int.MaxValue);

    /// <summary>Returns true if instances fit within the limits.</summary>
    /// <param name="wanted">Instances of a job.</param>
    /// <param name="used">Returns the number of instances of a type in use; of all types for null.</param>
    public bool HasRoom(IReadOnlyList<InstanceCount> wanted, Func<string?, long> used) =>
        CapacityLimits is [{ CapacityUnit: ServiceEnvironmentRules.AnyInstance } limit]
            ? used(null) + InstanceCount.Total(wanted) <= limit.MaxCapacity
            : wanted.All(instances => used(instances.Type) + instances.Count <= MaximumOf(instances.Type));

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

    /// <summary>Returns true if the limits are of instance types.</summary>
    public bool LimitsTypes => CapacityLimits is not [{ CapacityUnit: ServiceEnvironmentRules.AnyInstance }];

    /// <summary>Returns true if a limit is of an instance type.</summary>
    public bool Limits(string instanceType) => LimitsTypes && MaximumOf(instanceType) > 0;

    /// <summary>Returns the limit of an instance type; 0 if there is none.</summary>
    public int MaximumOf(string instanceType) =>
        CapacityLimits.FirstOrDefault(limit => limit.CapacityUnit == instanceType)?.MaxCapacity ?? 0;
}
