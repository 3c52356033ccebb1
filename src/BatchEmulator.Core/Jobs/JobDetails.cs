namespace BatchEmulator.Core.Jobs;

/// <summary>A job as DescribeJobs and state-change events show it: which members are there, which are empty, which are absent.</summary>
public static class JobDetails
{
    private static readonly Wire.RetryStrategy SingleAttempt = new() { Attempts = 1, EvaluateOnExit = [] };

    public static Wire.JobDetail Of(Job job, IReadOnlyDictionary<string, string> tags)
    {
        var specification = job.Specification;
        return new Wire.JobDetail
        {
            JobArn = job.Arn,
            JobName = specification.JobName,
            JobId = job.Id,
            JobQueue = specification.JobQueueArn,
            Status = job.Status.Wire(),
            StatusReason = job.StatusReason,
            ShareIdentifier = specification.ShareIdentifier,
            SchedulingPriority = specification.SchedulingPriority,
            Attempts = specification.Pod is not null ? [] : [.. job.Attempts.Select(Of)],
            CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
            RetryStrategy = specification.RetryStrategy ?? SingleAttempt,
            // The model requires startedAt: 0 stands for a job that never started.
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds() ?? 0,
            // AWS shows no end of an array parent.
            StoppedAt = job.IsArrayParent ? null : job.StoppedAt?.ToUnixTimeMilliseconds(),
            ArrayProperties = Array(job),
            DependsOn = specification.DependsOn,
            JobDefinition = specification.JobDefinitionArn,
            Parameters = specification.Parameters,
            // A multi-container job shows its containers under ecsProperties only, an EKS job its pod under eksProperties.
            Container = specification.Pod is not null ? null : specification.Container is null ? new() : Container(job),
            EcsProperties = TaskDetails.Of(job),
            EksProperties = PodDetails.Of(job),
            Timeout = specification.Timeout,
            Tags = tags,
            PropagateTags = specification.PropagateTags,
            PlatformCapabilities = specification.PlatformCapabilities,
            EksAttempts = specification.Pod is null ? [] : [.. job.Attempts.Select(a => PodDetails.OfAttempt(job, a))],
            ConsumableResourceProperties = specification.ConsumableResources,
            IsCancelled = job.IsCancelled,
            IsTerminated = job.IsTerminated,
        };
    }

    private static Wire.ArrayPropertiesDetail? Array(Job job) =>
        job.Index is { } index ? new() { Index = index, StatusSummary = new Dictionary<string, int>() }
        : job.IsArrayParent ? new()
        {
            Size = job.Specification.ArraySize,
            StatusSummary = job.Children?.ToWire() ?? [],
            StatusSummaryLastUpdatedAt = job.Children?.UpdatedAt.ToUnixTimeMilliseconds(),
        }
        : null;

    private static Wire.AttemptDetail Of(Attempt attempt) => new()
    {
        Container = attempt.Containers is not null ? new() : new()
        {
            ContainerInstanceArn = attempt.ContainerInstanceArn,
            TaskArn = attempt.TaskArn,
            ExitCode = attempt.ExitCode,
            Reason = attempt.Reason,
            LogStreamName = attempt.LogStreamName,
            NetworkInterfaces = [],
        },
        StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
        StatusReason = attempt.StatusReason,
        TaskProperties = TaskDetails.Of(attempt),
    };

    /// <summary>What was asked for, with the runtime members of the latest attempt.</summary>
    private static Wire.ContainerDetail Container(Job job)
    {
        var detail = ContainerDetails.Of(job.Specification.Container!);
        if (job.Current is { } current)
        {
            return detail with
            {
                TaskArn = current.TaskArn,
                ContainerInstanceArn = current.ContainerInstanceArn,
                LogStreamName = job.Status == JobStatus.Running ? current.LogStreamName : null,
            };
        }

        return job.Attempts.Count == 0 ? detail : detail with
        {
            TaskArn = job.Attempts[^1].TaskArn,
            ContainerInstanceArn = job.Attempts[^1].ContainerInstanceArn,
            LogStreamName = job.Attempts[^1].LogStreamName,
            ExitCode = job.Attempts[^1].ExitCode,
            Reason = job.Attempts[^1].Reason,
        };
    }
}
