using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Instances;
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
    /// Maximum vCPUs at one time: of its jobs, or of its instances if it has some. An unmanaged environment has what its owner says (API
    /// Reference, CreateComputeEnvironment, unmanagedvCpus), otherwise the machine.
    /// </summary>
    public long MaximumMilliVcpus => IsManaged
        ? Specification.ComputeResources!.MaxvCpus!.Value * 1000L
        : Specification.UnmanagedvCpus * 1000L ?? long.MaxValue;

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

    /// <summary>Purchase option of its instances or tasks.</summary>
    internal Purchase Purchase => Specification.ComputeResources?.Type is Wire.CRType.Spot or Wire.CRType.FargateSpot
        ? Purchase.Spot
        : Purchase.OnDemand;

    /// <summary>Returns true if another version of the environment keeps idle instances in the same way.</summary>
    internal bool ScalesAs(ComputeEnvironment other) =>
        State == other.State
        && Specification.ComputeResources?.MinvCpus == other.Specification.ComputeResources?.MinvCpus
        && Specification.ComputeResources?.ScalingPolicy == other.Specification.ComputeResources?.ScalingPolicy;

    /// <summary>Returns true if another version of the environment differs in its present vCPUs only, which follow its instances.</summary>
    internal bool DiffersInDesiredOnly(ComputeEnvironment other) => other == this with
    {
        Specification = Specification with
        {
            ComputeResources = Specification.ComputeResources is { } resources
                ? resources with { DesiredvCpus = other.Specification.ComputeResources?.DesiredvCpus }
                : null,
        },
    };

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
