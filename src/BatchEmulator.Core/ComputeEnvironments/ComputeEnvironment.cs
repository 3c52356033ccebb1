using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>A compute environment: its specification, and its life.</summary>
public sealed record ComputeEnvironment : StatefulResource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<ComputeEnvironment> Row = new(
        Identity.Arn.ComputeEnvironmentType,
        number: 1,
        "Compute Environment",
        "computeEnvironments",
        ComputeEnvironmentJson.Documents.ComputeEnvironment,
        static (writer, resource) => JsonSerializer.Serialize(writer, resource.ToWire(Tags.None), BatchJson.Wire.ComputeEnvironmentDetail));

    public const string HealthyReason = "ComputeEnvironment Healthy";

    public override ResourceKind Kind => Row;

    public required string Uuid { get; init; }

    public required string ClusterName { get; init; }

    /// <summary>Id of the container instance on which its tasks appear to run, 32 hexadecimal digits.</summary>
    public required string ContainerInstanceId { get; init; }

    /// <summary>
    /// Specification of the user, with roles as ARNs and the documented defaults filled in; without name, state and tags.
    /// </summary>
    public required Wire.ComputeEnvironmentDetail Specification { get; init; }

    public bool IsManaged => Specification.Type == Wire.CEType.Managed;

    public bool IsFargate => Specification.ComputeResources?.Type is Wire.CRType.Fargate or Wire.CRType.FargateSpot;

    public bool IsEks => Specification.EksConfiguration is not null;

    /// <summary>
    /// Maximum amounts of its jobs at one time. The capacity of an unmanaged environment is what its owner registered: here, the machine.
    /// </summary>
    public long MaximumMilliVcpus => IsManaged ? Specification.ComputeResources!.MaxvCpus!.Value * 1000L : long.MaxValue;

    /// <summary>
    /// vCPUs of which fair-share policies reserve a part. Those of an UNMANAGED environment are set by its owner, else unlimited (API
    /// Reference, CreateComputeEnvironment, unmanagedvCpus).
    /// </summary>
    public double SharedMilliVcpus => IsManaged ? MaximumMilliVcpus : Specification.UnmanagedvCpus * 1000d ?? double.PositiveInfinity;

    /// <summary>Multi-node parallel jobs need permanent instances (User Guide, "Multi-node parallel jobs").</summary>
    public bool TakesMultiNodeJobs => IsManaged && !IsFargate && Specification.ComputeResources?.Type != Wire.CRType.Spot;

    /// <summary>
    /// Instance types that the environment may have; null if it has no instances, or some of which nothing is known.
    /// </summary>
    internal IReadOnlyList<InstanceType>? AllowedTypes =>
        IsManaged && Specification.ComputeResources is { Type: Wire.CRType.Ec2 or Wire.CRType.Spot, InstanceTypes: { Count: > 0 } names }
            && !names.Any(InstanceTypes.IsRetired)
            ? InstanceCatalog.Resolve(names)
            : null;

    /// <summary>EC2 instance id of the container instance, which appears when the host is lost.</summary>
    public string InstanceId => $"i-0{ContainerInstanceId[..16]}";

    protected override string ValidReason => HealthyReason;

    public Wire.ComputeEnvironmentDetail ToWire(IReadOnlyDictionary<string, string> tags) => Specification with
    {
        ComputeEnvironmentName = Name,
        ComputeEnvironmentArn = Arn,
        EcsClusterArn = IsEks ? null : Identity.Arn.Cluster(Scope, ClusterName),
        Uuid = Uuid,
        State = State.Wire(),
        Status = Status.Wire(),
        StatusReason = StatusReason,
        ContainerOrchestrationType = IsEks ? Wire.OrchestrationType.Eks : Wire.OrchestrationType.Ecs,
        Tags = tags,
        ComputeResources = Specification.ComputeResources is { } resources
            ? resources with
            {
                // Environments without instances have no such member (ASFHyP3/hyp3#1725).
                DesiredvCpus = IsFargate ? null : resources.DesiredvCpus ?? 0,
                Tags = resources.Tags ?? new Dictionary<string, string>(),
            }
            : null,
    };
}
