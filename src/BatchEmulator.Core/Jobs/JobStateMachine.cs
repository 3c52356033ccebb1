namespace BatchEmulator.Core.Jobs;

/// <summary>
/// The only place that permits a transition (User Guide, "Job states"). A retried attempt goes back to RUNNABLE; a job may fail from any
/// state; an array parent rests in PENDING and succeeds from there. A node that has ended is RUNNABLE again when its job is tried again.
/// Only a service job is SCHEDULED, and starts from nowhere else (User Guide, "Mapping AWS Batch service job status to SageMaker AI
/// status").
/// </summary>
public static class JobStateMachine
{
    private static readonly (JobStatus From, JobStatus To)[] Permitted =
    [
        (JobStatus.Submitted, JobStatus.Pending),
        (JobStatus.Submitted, JobStatus.Runnable),
        (JobStatus.Submitted, JobStatus.Failed),
        (JobStatus.Pending, JobStatus.Runnable),
        (JobStatus.Pending, JobStatus.Succeeded),
        (JobStatus.Pending, JobStatus.Failed),
        (JobStatus.Runnable, JobStatus.Starting),
        (JobStatus.Runnable, JobStatus.Failed),
        (JobStatus.Starting, JobStatus.Running),
        (JobStatus.Starting, JobStatus.Runnable),
        (JobStatus.Starting, JobStatus.Failed),
        (JobStatus.Running, JobStatus.Runnable),
        (JobStatus.Running, JobStatus.Succeeded),
        (JobStatus.Running, JobStatus.Failed),
    ];

    private static readonly (JobStatus From, JobStatus To)[] PermittedToNodes =
        [(JobStatus.Succeeded, JobStatus.Runnable), (JobStatus.Failed, JobStatus.Runnable)];

    private static readonly (JobStatus From, JobStatus To)[] PermittedToServiceJobs =
    [
        (JobStatus.Runnable, JobStatus.Scheduled),
        (JobStatus.Scheduled, JobStatus.Starting),
        (JobStatus.Scheduled, JobStatus.Runnable),
        (JobStatus.Scheduled, JobStatus.Failed),
    ];

    /// <summary>Transitions that are permitted to all jobs.</summary>
    public static IReadOnlyList<(JobStatus From, JobStatus To)> Transitions => Permitted;

    /// <summary>Further transitions that are permitted to nodes, which can leave a final state.</summary>
    public static IReadOnlyList<(JobStatus From, JobStatus To)> NodeTransitions => PermittedToNodes;

    /// <summary>Further transitions that are permitted to service jobs, instead of that from RUNNABLE to STARTING.</summary>
    public static IReadOnlyList<(JobStatus From, JobStatus To)> ServiceJobTransitions => PermittedToServiceJobs;

    public static bool Permits(Job job, JobStatus to)
    {
        var step = (job.Status, to);
        return job.IsService && Array.IndexOf(PermittedToServiceJobs, step) >= 0
            || job.IsNode && Array.IndexOf(PermittedToNodes, step) >= 0
            || Array.IndexOf(Permitted, step) >= 0 && !(job.IsService && step == (JobStatus.Runnable, JobStatus.Starting));
    }

    /// <summary>Returns the job in its next state.</summary>
    /// <exception cref="InvalidOperationException">The transition is not permitted: a bug of the engine.</exception>
    public static Job To(this Job job, JobStatus next) => Permits(job, next)
        ? job with { Status = next, StatusReason = job.BlockedSince is null ? job.StatusReason : null, BlockedSince = null }
        : throw new InvalidOperationException($"Job {job.Id} cannot go from {job.Status} to {next}.");
}
