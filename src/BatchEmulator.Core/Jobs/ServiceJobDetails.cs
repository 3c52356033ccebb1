using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>A service job as DescribeServiceJob and state-change events show it (API Reference, DescribeServiceJob).</summary>
public static class ServiceJobDetails
{
    public static Wire.DescribeServiceJobResponse Of(Job job, IReadOnlyDictionary<string, string> tags)
    {
        var specification = job.Specification;
        return new Wire.DescribeServiceJobResponse
        {
            Attempts = [.. job.Attempts.Select(Of)],
            CapacityUsage = UsedBy(job)
                ?.Select(i => new Wire.ServiceJobCapacityUsageDetail { CapacityUnit = i.Type, Quantity = i.Count })
                .ToList(),
            CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
            IsTerminated = job.IsTerminated ? true : null,
            JobArn = job.Arn,
            JobId = job.Id,
            JobName = specification.JobName,
            JobQueue = specification.JobQueueArn,
            LatestAttempt = LatestAttemptOf(job),
            RetryStrategy = RetryStrategyOf(specification.RetryStrategy),
            ScheduledAt = job.Service!.ScheduledAt?.ToUnixTimeMilliseconds(),
            SchedulingPriority = job.Service.SchedulingPriority ?? specification.SchedulingPriority,
            ServiceRequestPayload = specification.Service!.Payload,
            ServiceJobType = specification.Service.Type,
            ShareIdentifier = specification.ShareIdentifier,
            QuotaShareName = specification.QuotaShareName,
            PreemptionConfiguration = specification.Service.PreemptionRetries is { } retries
                ? new() { PreemptionRetriesBeforeTermination = retries }
                : null,
            PreemptionSummary = PreemptionsOf(job),
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
            Status = job.Status.Wire(),
            StatusReason = job.StatusReason,
            StoppedAt = job.StoppedAt?.ToUnixTimeMilliseconds(),
            Tags = tags,
            TimeoutConfig = specification.Timeout is { } timeout ? new() { AttemptDurationSeconds = timeout.AttemptDurationSeconds } : null,
        };
    }

    /// <summary>Returns the summary of the job's preemptions; null if it was never preempted.</summary>
    public static Wire.ServiceJobPreemptionSummary? PreemptionsOf(Job job) => job.Service!.Preemptions is { Count: > 0 } preemptions ? new()
    {
        PreemptedAttemptCount = preemptions.Count,
        RecentPreemptedAttempts =
        [
            .. preemptions.Recent!.Select(attempt => new Wire.ServiceJobPreemptedAttempt
            {
                ServiceResourceId = ResourceId(attempt.TaskArn),
                StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
                StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
                StatusReason = attempt.StatusReason,
            }),
        ],
    }
    : null;

    /// <summary>Returns the latest attempt; null before the job was handed over.</summary>
    internal static Wire.LatestServiceJobAttempt? LatestAttemptOf(Job job) =>
        (job.Current?.TaskArn ?? (job.Attempts.Count > 0 ? job.Attempts[^1].TaskArn : null)) is { } arn
            ? new() { ServiceResourceId = ResourceId(arn) }
            : null;

    /// <summary>Returns the instances that the job uses now; null if it uses none.</summary>
    internal static IReadOnlyList<InstanceCount>? UsedBy(Job job) => job.Status.IsPlaced() ? job.Specification.Service!.Instances : null;

    private static Wire.ServiceJobAttemptDetail Of(Attempt attempt) => new()
    {
        ServiceResourceId = ResourceId(attempt.TaskArn),
        StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
        StatusReason = attempt.StatusReason,
    };

    private static Wire.ServiceResourceId ResourceId(string trainingJobArn) =>
        new() { Name = Wire.ServiceResourceIdName.TrainingJobArn, Value = trainingJobArn };

    private static Wire.ServiceJobRetryStrategy? RetryStrategyOf(Wire.RetryStrategy? strategy) => strategy is null ? null : new()
    {
        Attempts = strategy.Attempts,
        EvaluateOnExit =
        [
            .. (strategy.EvaluateOnExit ?? []).Select(
                c => new Wire.ServiceJobEvaluateOnExit { Action = c.Action, OnStatusReason = c.OnStatusReason }),
        ],
    };
}
