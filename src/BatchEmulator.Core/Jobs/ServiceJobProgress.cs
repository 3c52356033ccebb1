namespace BatchEmulator.Core.Jobs;

/// <summary>Progress that only service jobs have (User Guide, "Mapping AWS Batch service job status to SageMaker AI status").</summary>
public sealed record ServiceJobProgress
{
    /// <summary>
    /// Number of times that the job has been handed over to its service; a hand-over without capacity counts here, but not as an attempt.
    /// </summary>
    public int Handovers { get; init; }

    /// <summary>Time at which it was last handed over.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Time since which the service has had no instances for it (User Guide, "Jobs stuck in RUNNABLE due to capacity").</summary>
    public DateTimeOffset? NoCapacitySince { get; init; }

    /// <summary>Earliest time at which it may be handed over again.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Priority that UpdateServiceJob has set; null if it keeps the submitted one.</summary>
    public int? SchedulingPriority { get; init; }

    /// <summary>Preemptions of the job; null if it was never preempted.</summary>
    public ServiceJobPreemptions? Preemptions { get; init; }

    /// <summary>True if other jobs were preempted for it since it began to wait, so that what they give up is its own.</summary>
    public bool HasPreempted { get; init; }
}
