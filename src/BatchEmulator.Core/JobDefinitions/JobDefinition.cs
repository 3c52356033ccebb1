using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>A revision of a job definition.</summary>
public sealed record JobDefinition
{
    public const string Active = "ACTIVE";
    public const string Inactive = "INACTIVE";

    public required string Arn { get; init; }

    public required Scope Scope { get; init; }

    public required string Name { get; init; }

    public required int Revision { get; init; }

    /// <summary>Position in the total order of everything created.</summary>
    public required long Sequence { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Time since which it is INACTIVE.</summary>
    public DateTimeOffset? DeregisteredAt { get; init; }

    /// <summary>Specification of the user, normalised as AWS echoes it; without name, revision, status and tags.</summary>
    public required Wire.JobDefinition Specification { get; init; }

    public bool IsFargate => Specification.PlatformCapabilities?.Contains(Wire.PlatformCapability.Fargate) == true;

    public bool IsEks => JobDefinitionRules.IsEks(Specification.EksProperties, Specification.NodeProperties);

    public Wire.JobDefinition ToWire(IReadOnlyDictionary<string, string> tags) => Specification with
    {
        JobDefinitionName = Name,
        JobDefinitionArn = Arn,
        Revision = Revision,
        Status = IsActive ? Active : Inactive,
        Tags = tags,
    };
}
