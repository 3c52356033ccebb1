namespace BatchEmulator.Core.Jobs;

/// <summary>A service job as ListServiceJobs shows it (API Reference, ServiceJobSummary).</summary>
internal static class ServiceJobSummaries
{
    public static Wire.ServiceJobSummary Of(Job job) => new()
    {
        LatestAttempt = ServiceJobDetails.LatestAttemptOf(job),
        CapacityUsage = ServiceJobDetails.UsedBy(job)
            ?.Select(i => new Wire.ServiceJobCapacityUsageSummary { CapacityUnit = i.Type, Quantity = i.Count })
            .ToList(),
        CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
        JobArn = job.Arn,
        JobId = job.Id,
        JobName = job.Specification.JobName,
        ScheduledAt = job.Service!.ScheduledAt?.ToUnixTimeMilliseconds(),
        ServiceJobType = job.Specification.Service!.Type,
        ShareIdentifier = job.Specification.ShareIdentifier,
        QuotaShareName = job.Specification.QuotaShareName,
        Status = job.Status.Wire(),
        StatusReason = job.StatusReason,
        StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = job.StoppedAt?.ToUnixTimeMilliseconds(),
        // "Set to true when": absent otherwise.
        IsTerminated = job.IsTerminated ? true : null,
    };
}
