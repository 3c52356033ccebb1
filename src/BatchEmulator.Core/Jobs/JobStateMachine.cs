namespace BatchEmulator.Core.Jobs;

/// <summary>
/// The only place that permits a transition (User Guide, "Job states"). A retried attempt goes back to RUNNABLE; a job may fail from any
/// state; an array parent rests in PENDING and succeeds from there. A node that has ended is RUNNABLE again when its job is tried again.
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

    private static readonly (JobStatus From, JobStatus To)[] PermittedToNodes = [(JobStatus.Succeeded, JobStatus.Runnable), (JobStatus.Failed, JobStatus.Runnable)];

    /// <summary>Every permitted transition.</summary>
    public static IReadOnlyList<(JobStatus From, JobStatus To)> Transitions => Permitted;

    /// <summary>What is permitted to nodes besides: the ways out of an end.</summary>
    public static IReadOnlyList<(JobStatus From, JobStatus To)> NodeTransitions => PermittedToNodes;

    public static bool Permits(JobStatus from, JobStatus to, bool ofNode = false) =>
        Array.IndexOf(Permitted, (from, to)) >= 0 || (ofNode && Array.IndexOf(PermittedToNodes, (from, to)) >= 0);

    /// <summary>The job in its next state.</summary>
    /// <exception cref="InvalidOperationException">The transition is not permitted: a bug of the engine.</exception>
    public static Job To(this Job job, JobStatus next) => Permits(job.Status, next, job.IsNode)
        ? job with { Status = next, StatusReason = job.BlockedSince is null ? job.StatusReason : null, BlockedSince = null }
        : throw new InvalidOperationException($"Job {job.Id} cannot go from {job.Status} to {next}.");
}
