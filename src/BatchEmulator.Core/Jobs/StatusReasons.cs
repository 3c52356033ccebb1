namespace BatchEmulator.Core.Jobs;

/// <summary>AWS's messages about the ends of jobs and attempts.</summary>
public static class StatusReasons
{
    public const string EssentialContainerExited = "Essential container in task exited";
    public const string TaskFailedToStart = "Task failed to start";
    public const string TimedOut = "Job attempt duration exceeded timeout";
    public const string DependencyFailed = "Dependent Job failed";
    public const string ArrayChildFailed = "Array Child Job failed";
    public const string JobQueueDeleted = "JobQueue deleted";
    public const string QuotaShareDeleted = "QuotaShare deleted";

    /// <summary>Reason of an attempt that was stopped for a job of the share that had lent the capacity.</summary>
    public const string CrossSharePreemption = "Cross-share preemption triggered to reclaim borrowed capacity";

    public const string OverridesTooLong = "Container Overrides length must be at most 8192";
    public const string SpotTaskInterrupted = "Your Spot Task was interrupted.";

    private const string ResourceInitializationError = "ResourceInitializationError: ";

    /// <summary>
    /// A resource of a task besides its containers is unavailable (ECS Developer Guide, "Troubleshooting Amazon ECS
    /// ResourceInitializationError errors").
    /// </summary>
    public static string ResourceInitialization(string message) => $"{ResourceInitializationError}{message}";

    /// <summary>Returns true if the task could not be started for another reason than a container's.</summary>
    public static bool IsOfTask(string reason) => reason.StartsWith(ResourceInitializationError, StringComparison.Ordinal);

    /// <summary>Returns the reason of an action of a queue that runs containers.</summary>
    public static string CanceledByTimeLimit(string reason) => $"Canceled by JobStateTimeLimit action due to reason: {reason}";

    /// <summary>Returns the reason of an action of a queue that runs service jobs.</summary>
    public static string TerminatedByTimeLimit(string reason) => $"Terminated by JobStateTimeLimit action due to reason: {reason}";

    /// <summary>Returns the reason of a preemption until the attempt has ended.</summary>
    public static string PreemptionInProgress(string reason) => $"PREEMPTION_IN_PROGRESS: {reason}";

    public static string HostTerminated(string instanceId) => $"Host EC2 (instance {instanceId}) terminated.";
}
