using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>
/// The pod of an EKS job: init containers one after the other, each of which must succeed, then the others together. None is essential: a
/// pod ends when all its containers have ended.
/// </summary>
/// <param name="Properties">Specification of the user.</param>
public sealed record PodWork(Wire.EksPodProperties Properties) : ContainersWork
{
    internal override ResourceAmounts Needs => Properties.Containers!.Select(EksResourceRules.AmountsOf).Aggregate((a, b) => a + b);

    internal override IReadOnlyList<string> ContainerNames =>
        [.. (Properties.InitContainers ?? []).Concat(Properties.Containers!).Select(NameOf)];

    internal override IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var launches = new List<ContainerLaunch>();
        IReadOnlyList<ContainerDependency> before = [];
        foreach (var container in Properties.InitContainers ?? [])
        {
            launches.Add(Launch(job, container, jobEnvironment) with { DependsOn = before });
            before = [new ContainerDependency(launches[^1].Name, ContainerCondition.Success)];
        }

        launches.AddRange(Properties.Containers!.Select(c => Launch(job, c, jobEnvironment) with { DependsOn = before }));
        return launches;
    }

    /// <summary>An EKS job shows its pod under eksProperties, and its attempts under eksAttempts.</summary>
    internal override Wire.JobDetail Describe(Job job, Wire.JobDetail detail) =>
        DescribeAttempts(job, detail) with { EksProperties = Details(job) };

    internal Wire.JobDetail DescribeAttempts(Job job, Wire.JobDetail detail) =>
        detail with { Attempts = [], EksAttempts = [.. job.Attempts.Select(a => Describe(job, a))] };

    /// <summary>A pod succeeds if all its containers do.</summary>
    private protected override Attempt Exited(Job job, AttemptExited exited, Attempt attempt)
    {
        var decisive = exited.Containers.FirstOrDefault(c => c.ExitCode is { } code && code != 0)
            ?? exited.Containers.FirstOrDefault(c => c.ExitCode is null)
            ?? exited.Containers[^1];
        return attempt with
        {
            ExitCode = decisive.ExitCode,
            Reason = ContainerReasons.OfPod(decisive),
            Containers = [.. exited.Containers.Select(c => new ContainerOutcome(c.Name, c.ExitCode, ContainerReasons.OfPod(c), null))],
        };
    }

    private protected override string? ReasonOf(ContainerEnd end) => ContainerReasons.OfPod(end);

    private static string NameOf(Wire.EksContainer container) =>
        string.IsNullOrEmpty(container.Name) ? EksRules.DefaultName : container.Name;

    private ContainerLaunch Launch(Job job, Wire.EksContainer container, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment)
    {
        var amounts = EksResourceRules.AmountsOf(container);
        return ContainerLaunches.Of(job, NameOf(container), AsContainer(Properties, container), jobEnvironment) with
        {
            Essential = false,
            EntryPoint = container.Command is { Count: > 0 } command ? command : null,
            Command = container.Args ?? [],
            Vcpus = amounts.MilliVcpus / 1000.0,
            MemoryMiB = (int)Math.Min(amounts.MemoryMiB, int.MaxValue),
        };
    }

    /// <summary>Converts a container of the pod. Volumes that require a cluster (secrets, claims) are empty here.</summary>
    private static Wire.ContainerProperties AsContainer(Wire.EksPodProperties pod, Wire.EksContainer container) => new()
    {
        Image = container.Image,
        Environment = [.. (container.Env ?? []).Select(e => new Wire.KeyValuePair { Name = e.Name, Value = e.Value })],
        Privileged = container.SecurityContext?.Privileged,
        ReadonlyRootFilesystem = container.SecurityContext?.ReadOnlyRootFilesystem,
        User = container.SecurityContext?.RunAsUser is { } user
            ? container.SecurityContext.RunAsGroup is { } group ? $"{user}:{group}" : $"{user}"
            : null,
        MountPoints =
        [
            .. (container.VolumeMounts ?? []).Select(
                m => new Wire.MountPoint { SourceVolume = m.Name, ContainerPath = m.MountPath, ReadOnly = m.ReadOnly }),
        ],
        Volumes =
        [
            .. (pod.Volumes ?? []).Select(
                v => new Wire.Volume { Name = v.Name, Host = v.HostPath is { } host ? new() { SourcePath = host.Path } : null }),
        ],
    };

    private Wire.EksPropertiesDetail Details(Job job)
    {
        var pod = Properties;
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

    private Wire.EksAttemptDetail Describe(Job job, Attempt attempt)
    {
        var pod = Properties;
        var init = (pod.InitContainers ?? []).Select(NameOf).ToHashSet();
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
        (attempt.Containers ?? []).Where(which)
            .Select(c => new Wire.EksAttemptContainerDetail { Name = c.Name, ExitCode = c.ExitCode, Reason = c.Reason });

    private static Wire.EksContainerDetail Container(Wire.EksContainer container, Attempt? last)
    {
        var outcome = last?.Containers?.FirstOrDefault(c => c.Name == NameOf(container));
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

    /// <summary>Returns the UID of the node on which a pod appears to run.</summary>
    internal static string NodeUid(string containerInstanceArn) =>
        Guid.ParseExact(containerInstanceArn[(containerInstanceArn.LastIndexOf('/') + 1)..], "N").ToString("D");

    private static string PodName(string taskArn) => $"aws-batch.{Guid.ParseExact(taskArn[(taskArn.LastIndexOf('/') + 1)..], "N"):D}";

    private static string? NodeName(Job job, string? containerInstanceArn) =>
        containerInstanceArn is null ? null : PrivateAddress.HostName(containerInstanceArn, job.Scope.Region);
}
