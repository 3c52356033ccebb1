using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>Request of a service job to its service (API Reference, SubmitServiceJob).</summary>
public sealed record ServiceRequest
{
    /// <summary>E.g. <c>SAGEMAKER_TRAINING</c>.</summary>
    public required string Type { get; init; }

    /// <summary>JSON as it was given; AWS Batch does not look whether the service will take it.</summary>
    public required string Payload { get; init; }

    /// <summary>Instances that a run of the job holds of its service environment, as the payload says.</summary>
    public required IReadOnlyList<InstanceCount> Instances { get; init; }

    /// <summary>Client token that identifies a repeated submission; null if the caller gave none.</summary>
    public string? ClientToken { get; init; }
}
