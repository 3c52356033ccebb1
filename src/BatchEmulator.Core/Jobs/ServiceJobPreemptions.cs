namespace BatchEmulator.Core.Jobs;

/// <summary>Preemptions of a service job, which are no attempts (User Guide, "Preemption").</summary>
public sealed record ServiceJobPreemptions
{
    /// <summary>Number of preempted attempts that are shown. AWS Batch documents a sliding window, but not its size.</summary>
    public const int MaximumRecent = 10;

    /// <summary>Reason of the preemption under way, until the attempt has ended; null if there is none.</summary>
    public string? UnderWay { get; init; }

    /// <summary>Number of preempted attempts.</summary>
    public int Count { get; init; }

    /// <summary>The latest preempted attempts, oldest first; null if there are none.</summary>
    public IReadOnlyList<PreemptedAttempt>? Recent { get; init; }

    /// <summary>Returns the preemptions after the end of the preempted attempt.</summary>
    internal ServiceJobPreemptions Completed(PreemptedAttempt attempt) => new()
    {
        Count = Count + 1,
        Recent = [.. (Recent ?? []).Append(attempt).TakeLast(MaximumRecent)],
    };
}

/// <summary>An attempt that was stopped to make room for another job.</summary>
public sealed record PreemptedAttempt
{
    /// <summary>ARN of the training job.</summary>
    public required string TaskArn { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset StoppedAt { get; init; }

    public required string StatusReason { get; init; }
}

/// <summary>Steps of a preemption.</summary>
public enum PreemptionStep
{
    /// <summary>The attempt is asked to stop.</summary>
    Started,

    /// <summary>The attempt has ended.</summary>
    Completed,
}
