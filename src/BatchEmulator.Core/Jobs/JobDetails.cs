namespace BatchEmulator.Core.Jobs;

/// <summary>A job as DescribeJobs and state-change events show it: which members are there, which are empty, which are absent.</summary>
public static class JobDetails
{
    public static Wire.JobDetail Of(Job job, IReadOnlyDictionary<string, string> tags)
    {
        var specification = job.Specification;
        var isPod = job.Workload.Pod is not null;
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
            Attempts = isPod ? [] : [.. job.Attempts.Select(a => Of(job, a))],
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
            // A multi-container job shows its containers under ecsProperties only, an EKS job its pod under eksProperties.
            Container = isPod || job.IsMultiNode ? null : job.Workload.Container is { } container ? Container(job, container) : new(),
            EcsProperties = job.IsMultiNode ? null : TaskDetails.Of(job),
            EksProperties = job.IsMultiNode ? null : PodDetails.Of(job),
            NodeDetails = job.IsNode ? new() { NodeIndex = job.Index, IsMainNode = job.IsMainNode } : null,
            NodeProperties = job.IsMultiNode ? specification.Nodes : null,
            Timeout = job.IsNode ? null : specification.Timeout,
            Tags = tags,
            PropagateTags = specification.PropagateTags,
            PlatformCapabilities = specification.PlatformCapabilities,
            EksAttempts = isPod ? [.. job.Attempts.Select(a => PodDetails.OfAttempt(job, a))] : [],
            ConsumableResourceProperties = specification.ConsumableResources,
            // Recordings of AWS have the flags only after such a call.
            IsCancelled = job.IsCancelled ? true : null,
            IsTerminated = job.IsTerminated ? true : null,
        };
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
            // The attempts of a multi-node parallel job are its main node's, without the task that is the node's.
            ContainerInstanceArn = job.IsMultiNode ? null : attempt.ContainerInstanceArn,
            TaskArn = job.IsMultiNode ? null : attempt.TaskArn,
            ExitCode = attempt.ExitCode,
            Reason = attempt.Reason,
            LogStreamName = attempt.LogStreamName,
            NetworkInterfaces = NetworkInterfaces(job, attempt.TaskArn, attempt.PrivateAddress),
        },
        StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
        StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
        StatusReason = attempt.StatusReason,
        TaskProperties = TaskDetails.Of(job, attempt),
    };

    /// <summary>What was asked for, with the runtime members of the latest attempt.</summary>
    private static Wire.ContainerDetail Container(Job job, Wire.ContainerProperties container)
    {
        var detail = ContainerDetails.Of(container);
        if (job.Current is { } current)
        {
            return detail with
            {
                TaskArn = current.TaskArn,
                ContainerInstanceArn = current.ContainerInstanceArn,
                LogStreamName = current.LogStreamName,
                NetworkInterfaces = NetworkInterfaces(job, current.TaskArn, current.PrivateAddress),
            };
        }

        return job.Attempts.Count == 0 ? detail : detail with
        {
            TaskArn = job.Attempts[^1].TaskArn,
            ContainerInstanceArn = job.Attempts[^1].ContainerInstanceArn,
            LogStreamName = job.Attempts[^1].LogStreamName,
            ExitCode = job.Attempts[^1].ExitCode,
            Reason = job.Attempts[^1].Reason,
            NetworkInterfaces = NetworkInterfaces(job, job.Attempts[^1].TaskArn, job.Attempts[^1].PrivateAddress),
        };
    }

    /// <summary>The elastic network interface of a task that has one of its own.</summary>
    internal static IReadOnlyList<Wire.NetworkInterface> NetworkInterfaces(Job job, string taskArn, string? privateAddress) =>
        privateAddress is not null && job.HasAddress
            ? [new() { AttachmentId = AttachmentId(taskArn), PrivateIpv4Address = privateAddress }]
            : [];

    /// <summary>A UUID made of the task's id, of which it is as unique.</summary>
    private static string AttachmentId(string taskArn) => Guid.ParseExact(taskArn[(taskArn.LastIndexOf('/') + 1)..], "N").ToString();
}
