namespace BatchEmulator.Core.Jobs;

/// <summary>
/// What only service jobs have of their course (User Guide, "Mapping AWS Batch service job status to SageMaker AI status").
/// </summary>
public sealed record ServiceJobProgress
{
    /// <summary>
    /// How often the job has been handed over to its service; what could not be had for lack of capacity counts here, and as no attempt.
    /// </summary>
    public int Handovers { get; init; }

    /// <summary>When it was handed over last.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Since when the service has no instances for it (User Guide, "Jobs stuck in RUNNABLE due to capacity").</summary>
    public DateTimeOffset? NoCapacitySince { get; init; }

    /// <summary>When it may be handed over again.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What UpdateServiceJob made of the priority that it was submitted with.</summary>
    public int? SchedulingPriority { get; init; }
}
