using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>Request of a service job to its service (API Reference, SubmitServiceJob).</summary>
public sealed record ServiceRequest
{
    /// <summary>Type, e.g. <c>SAGEMAKER_TRAINING</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Payload, as given; AWS Batch does not check if the service will accept it.</summary>
    public required string Payload { get; init; }

    /// <summary>Instances that a run of the job holds of its service environment, from the payload.</summary>
    public required IReadOnlyList<InstanceCount> Instances { get; init; }

    /// <summary>Number of times that the job is tried again after a preemption; null without a limit.</summary>
    public int? PreemptionRetries { get; init; }

    /// <summary>Client token that identifies a repeated submission; null if the caller gave none.</summary>
    public string? ClientToken { get; init; }
}
