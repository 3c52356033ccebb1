namespace BatchEmulator.Core.Jobs;

/// <summary>An EKS job as DescribeJobs shows it: its pod, and an eksAttempts entry for each finished attempt.</summary>
public static class PodDetails
{
    public static Wire.EksPropertiesDetail? Of(Job job)
    {
        if (job.Workload.Pod is not { } pod)
        {
            return null;
        }

        var last = job.Current is null && job.Attempts.Count > 0 ? job.Attempts[^1] : null;
        var taskArn = job.Current?.TaskArn ?? last?.TaskArn;
        return new()
        {
            PodProperties = new()
            {
                ServiceAccountName = pod.ServiceAccountName,
                HostNetwork = pod.HostNetwork,
                DnsPolicy = pod.DnsPolicy,
                ImagePullSecrets = pod.ImagePullSecrets,
                Containers = [.. pod.Containers!.Select(c => Container(c, last))],
                InitContainers = pod.InitContainers is { Count: > 0 } init ? [.. init.Select(c => Container(c, last))] : null,
                Volumes = pod.Volumes,
                PodName = taskArn is null ? null : PodName(taskArn),
                NodeName = taskArn is null ? null : NodeName(job, job.Current?.ContainerInstanceArn ?? last?.ContainerInstanceArn),
                Metadata = pod.Metadata,
                ShareProcessNamespace = pod.ShareProcessNamespace,
            },
        };
    }

    public static Wire.EksAttemptDetail OfAttempt(Job job, Attempt attempt)
    {
        var pod = job.Workload.Pod!;
        var init = (pod.InitContainers ?? []).Select(PodLaunches.NameOf).ToHashSet();
        return new()
        {
            Containers = [.. Outcomes(attempt, c => !init.Contains(c.Name))],
            InitContainers = [.. Outcomes(attempt, c => init.Contains(c.Name))],
            EksClusterArn = job.Specification.EksClusterArn,
            PodName = PodName(attempt.TaskArn),
            PodNamespace = pod.Metadata?.Namespace,
            NodeName = NodeName(job, attempt.ContainerInstanceArn),
            StartedAt = attempt.StartedAt?.ToUnixTimeMilliseconds(),
            StoppedAt = attempt.StoppedAt.ToUnixTimeMilliseconds(),
            StatusReason = attempt.StatusReason,
        };
    }

    private static IEnumerable<Wire.EksAttemptContainerDetail> Outcomes(Attempt attempt, Func<ContainerOutcome, bool> which) =>
        (attempt.Containers ?? []).Where(which).Select(c => new Wire.EksAttemptContainerDetail { Name = c.Name, ExitCode = c.ExitCode, Reason = c.Reason });

    private static Wire.EksContainerDetail Container(Wire.EksContainer container, Attempt? last)
    {
        var outcome = last?.Containers?.FirstOrDefault(c => c.Name == PodLaunches.NameOf(container));
        return new()
        {
            Name = container.Name,
            Image = container.Image,
            ImagePullPolicy = container.ImagePullPolicy,
            Command = container.Command,
            Args = container.Args,
            Env = container.Env,
            Resources = container.Resources,
            ExitCode = outcome?.ExitCode,
            Reason = outcome?.Reason,
            VolumeMounts = container.VolumeMounts,
            SecurityContext = container.SecurityContext,
        };
    }

    /// <summary>The UID of the node on which a pod is shown to run.</summary>
    public static string NodeUid(string containerInstanceArn) => Guid.ParseExact(containerInstanceArn[(containerInstanceArn.LastIndexOf('/') + 1)..], "N").ToString("D");

    private static string PodName(string taskArn) => $"aws-batch.{Guid.ParseExact(taskArn[(taskArn.LastIndexOf('/') + 1)..], "N"):D}";

    private static string? NodeName(Job job, string? containerInstanceArn) =>
        containerInstanceArn is null ? null : PrivateAddress.HostName(containerInstanceArn, job.Scope.Region);
}
