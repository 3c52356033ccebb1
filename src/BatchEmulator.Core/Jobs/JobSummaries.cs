namespace BatchEmulator.Core.Jobs;

/// <summary>A job as ListJobs shows it.</summary>
internal static class JobSummaries
{
    /// <param name="job">The job.</param>
    /// <param name="isFiltered">True if the listing has filters; only then AWS shows the job definition.</param>
    public static Wire.JobSummary Of(Job job, bool isFiltered) => new()
    {
        JobArn = job.Arn,
        JobId = job.Id,
        JobName = job.Specification.JobName,
        CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
        ShareIdentifier = job.Specification.ShareIdentifier,
        Status = job.Status.Wire(),
        StatusReason = job.StatusReason,
        StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = job.IsArrayParent ? null : job.StoppedAt?.ToUnixTimeMilliseconds(),
        ArrayProperties =
            job.IsArrayChild ? new() { Index = job.Index } : job.IsArrayParent ? new() { Size = job.Specification.ArraySize } : null,
        NodeProperties = job.IsNode ? new() { IsMainNode = job.IsMainNode, NodeIndex = job.Index }
            : job.IsMultiNode ? new() { NumNodes = job.Specification.Nodes!.NumNodes }
            : null,
        Container = Container(job),
        JobDefinition = isFiltered ? job.Specification.JobDefinitionArn : null,
        IsCancelled = job.IsCancelled ? true : null,
        IsTerminated = job.IsTerminated ? true : null,
    };

    /// <summary>
    /// Returns the container summary: absent before the job is placed, empty until it has ended; that of a multi-node parallel job is its
    /// main node's.
    /// </summary>
    private static Wire.ContainerSummary? Container(Job job) => job.IsArrayParent ? null : job.Status switch
    {
        JobStatus.Starting or JobStatus.Running => new(),
        JobStatus.Succeeded or JobStatus.Failed => job.Attempts.Count == 0
            ? new()
            : new() { ExitCode = job.Attempts[^1].ExitCode, Reason = job.Attempts[^1].Reason },
        _ => null,
    };
}
