namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Reason for which the job at the head of a queue cannot be placed anywhere, however long it waits (User Guide, "Jobs stuck in a RUNNABLE
/// status", of containers and of SageMaker): its name in jobStateTimeLimitActions, a dash, and a sentence.
/// </summary>
internal static class BlockedReason
{
    public const string NoEnvironment = "ACTION_REQUIRED - CE(s) associated with the job queue are invalid.";

    public const string TooManyVcpus =
        "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue "
            + "cannot meet the CPU requirement of the job.";

    public const string FitsNoInstanceType =
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the "
        + "CE(s) attached to the job queue.";

    public const string Unknown = "UNDETERMINED - Batch job is blocked, root cause is undetermined.";

    public const string TooManyInstances =
        "MISCONFIGURATION:SERVICE_ENVIRONMENT_MAX_RESOURCE - Service environment(s) associated with the job queue "
            + "cannot meet the capacity requirement of the job.";

    /// <summary>Documented without its wording.</summary>
    public const string ExceedsQuotaShare =
        "MISCONFIGURATION:QUOTA_SHARE_MAX_RESOURCE - The quota share cannot meet the capacity requirement of the job.";

    private const string NoInstances =
        "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type ";

    public const string NoCapacity = "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Unable to provision requested compute resources";

    private const string Dash = " - ";

    /// <summary>Returns the reason of a blocked head.</summary>
    /// <returns>The reason; null if the job only waits for others to end.</returns>
    public static string? Of(QueueHead head)
    {
        if (head.Job is not { } job)
        {
            return null;
        }

        if (job.IsService)
        {
            return head.Refusals.Contains(Refusal.ExceedsMaximum) ? TooManyInstances
                : head.Refusals.Contains(Refusal.ExceedsQuotaShare) ? ExceedsQuotaShare
                : job.Service!.NoCapacitySince is not null ? NoCapacity
                : null;
        }

        return head.Refusals.Contains(Refusal.NoRoom) || head.Refusals.Contains(Refusal.AwaitsInstance) ? null
            : head.OfEnvironments.FirstOrDefault(r => r.Reason == Refusal.NoInstanceCapacity) is { } lacking
                ? $"{NoInstances}[{lacking.InstanceType}]"
            : head.Refusals.Contains(Refusal.ExceedsMaximum) ? TooManyVcpus
            : head.Refusals.Contains(Refusal.FitsNoInstanceType) ? FitsNoInstanceType
            : head.Refusals.Contains(Refusal.TakesNoMultiNodeJobs) ? Unknown
            : head.Refusals.Contains(Refusal.TakesNoJobs) ? NoEnvironment
            : null;
    }

    /// <summary>Returns true if an action of a queue matches a status reason.</summary>
    public static bool IsNamedBy(string? statusReason, Wire.JobStateTimeLimitAction action) =>
        statusReason?.StartsWith(action.Reason + Dash, StringComparison.Ordinal) == true;
}
