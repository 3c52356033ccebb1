using BatchEmulator.Core.Jobs.Work;

namespace BatchEmulator.Core.Jobs;

/// <summary>A job as DescribeJobs and state-change events show it, including which members are empty or absent.</summary>
public static class JobDetails
{
    public static Wire.JobDetail Of(Job job, IReadOnlyDictionary<string, string> tags)
    {
        var specification = job.Specification;
        var detail = new Wire.JobDetail
        {
            JobArn = job.Arn,
            JobName = specification.JobName,
            JobId = job.Id,
            JobQueue = specification.JobQueueArn,
            Status = job.Status.Wire(),
            StatusReason = job.StatusReason,
            ShareIdentifier = specification.ShareIdentifier,
            SchedulingPriority = specification.SchedulingPriority,
            Attempts = [.. job.Attempts.Select(a => Of(job, a))],
            CreatedAt = job.CreatedAt.ToUnixTimeMilliseconds(),
            // A node is tried again with its job.
            RetryStrategy = job.IsNode ? null : specification.RetryStrategy,
            StartedAt = job.StartedAt?.ToUnixTimeMilliseconds(),
            // AWS shows no end of an array parent.
            StoppedAt = job.IsArrayParent ? null : job.StoppedAt?.ToUnixTimeMilliseconds(),
            ArrayProperties = Array(job),
            DependsOn = specification.DependsOn,
            JobDefinition = specification.JobDefinitionArn,
            Parameters = specification.Parameters,
            NodeDetails = job.IsNode ? new() { NodeIndex = job.Index, IsMainNode = job.IsMainNode } : null,
            Timeout = job.IsNode ? null : specification.Timeout,
            Tags = tags,
            PropagateTags = specification.PropagateTags,
            PlatformCapabilities = specification.PlatformCapabilities,
            EksAttempts = [],
            ConsumableResourceProperties = specification.ConsumableResources,
            // Recordings of AWS have the flags only after such a call.
            IsCancelled = job.IsCancelled ? true : null,
            IsTerminated = job.IsTerminated ? true : null,
        };
        return job.Work.Describe(job, detail);
    }

    private static Wire.ArrayPropertiesDetail? Array(Job job) =>
        job.IsArrayChild ? new() { Index = job.Index, StatusSummary = new Dictionary<string, int>() }
        : job.IsArrayParent ? new()
        {
            Size = job.Specification.ArraySize,
            StatusSummary = job.Children?.ToWire() ?? [],
            StatusSummaryLastUpdatedAt = job.Children?.UpdatedAt.ToUnixTimeMilliseconds(),
        }
        : null;

    private static Wire.AttemptDetail Of(Job job, Attempt attempt) => new()
    {
        Container = attempt.Containers is not null ? new() : new()
        {
            // The attempts of a multi-node parallel job are those of its main node, without the task, which is the node's.
            ContainerInstanceArn = job.IsMultiNode ? null : attempt.ContainerInstanceArn,
            TaskArn = job.IsMultiNode ? null : attempt.TaskArn,
            ExitCode = attempt.ExitCode,
            Reason = attempt.Reason,
            LogStreamName = attempt.LogStreamName,
            NetworkInterfaces = NetworkInterfaces.Of(job, attempt.TaskArn, attempt.PrivateAddress),
        },
        StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
        StatusReason = attempt.StatusReason,
        TaskProperties = TaskWork.Describe(job, attempt),
    };
}
