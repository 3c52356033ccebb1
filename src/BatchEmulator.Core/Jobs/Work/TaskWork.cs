using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>The task of a multi-container job (User Guide, "Multi-container jobs").</summary>
/// <param name="Properties">Specification of the user.</param>
public sealed record TaskWork(Wire.EcsTaskProperties Properties) : ContainersWork
{
    private const int Sigkill = 137;
    private const int Sigterm = 143;

    internal override ResourceAmounts Needs => Properties.Containers!
        .Select(c => ContainerResourceRules.AmountsOf(TaskContainers.AsContainer(Properties, c)))
        .Aggregate((a, b) => a + b);

    internal override IReadOnlyList<string> ContainerNames => [.. Properties.Containers!.Select(NameOf)];

    internal override IReadOnlyCollection<string> OptionalContainers =>
        Properties.Containers!.Where(c => !TaskContainers.IsEssential(c)).Select(NameOf).ToHashSet();

    internal override IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment) =>
    [
        .. Properties.Containers!.Select(c => ContainerLaunches.Of(
            job, NameOf(c), TaskContainers.AsContainer(Properties, c), jobEnvironment) with
        {
            Essential = TaskContainers.IsEssential(c),
            DependsOn =
            [
                .. (c.DependsOn ?? []).Select(d => new ContainerDependency(
                    d.ContainerName!, Enum.Parse<ContainerCondition>(d.Condition!, ignoreCase: true))),
            ],
        }),
    ];

    /// <summary>A multi-container job shows its containers under ecsProperties only.</summary>
    internal override Wire.JobDetail Describe(Job job, Wire.JobDetail detail) =>
        detail with { Container = new(), EcsProperties = Details(job) };

    /// <summary>
    /// Determines the outcome. The first essential container to end stops the others, so the exit code of a stopped essential container
    /// does not count against one that succeeded.
    /// </summary>
    private protected override Attempt Exited(Job job, AttemptExited exited, Attempt attempt)
    {
        var byName = Properties.Containers!.ToDictionary(NameOf, StringComparer.Ordinal);
        var essential = exited.Containers.Where(c => TaskContainers.IsEssential(byName[c.Name])).ToList();
        var succeeded = essential.Exists(c => c.ExitCode == 0);
        var decisive = essential.Find(
            c => c.ExitCode is { } code && code != 0 && !(succeeded && code is (Sigkill or Sigterm) && c.Reason is null))
            ?? essential.Find(c => c.ExitCode == 0)
            ?? essential.FirstOrDefault();
        return attempt with
        {
            ExitCode = decisive?.ExitCode,
            Reason = ContainerReasons.Short(decisive?.Reason),
            Containers =
            [
                .. exited.Containers.Select(c => new ContainerOutcome(
                    c.Name,
                    c.ExitCode,
                    ContainerReasons.Short(c.Reason),
                    StreamOf(job, c.Name))),
            ],
        };
    }

    private protected override string StreamOf(Job job, string container) =>
        JobLog.StreamName(job, Properties.Containers!.First(c => NameOf(c) == container).LogConfiguration, container, job.Current!.TaskId);

    /// <summary>Returns the name under which a container runs; the only one of a task may lack one.</summary>
    private static string NameOf(Wire.TaskContainerProperties container) =>
        string.IsNullOrEmpty(container.Name) ? ContainerLaunches.DefaultName : container.Name;

    private Wire.EcsPropertiesDetail Details(Job job)
    {
        var task = Properties;
        var last = job.Current is null && job.Attempts.Count > 0 ? job.Attempts[^1] : null;
        return new()
        {
            TaskProperties =
            [
                new()
                {
                    Containers = [.. task.Containers!.Select(c => Container(job, c, last))],
                    TaskArn = job.Current?.TaskArn ?? last?.TaskArn,
                    ContainerInstanceArn = job.Current?.ContainerInstanceArn ?? last?.ContainerInstanceArn,
                    EphemeralStorage = task.EphemeralStorage,
                    ExecutionRoleArn = task.ExecutionRoleArn,
                    PlatformVersion = task.PlatformVersion,
                    IpcMode = task.IpcMode,
                    TaskRoleArn = task.TaskRoleArn,
                    PidMode = task.PidMode,
                    NetworkConfiguration = task.NetworkConfiguration,
                    RuntimePlatform = task.RuntimePlatform,
                    Volumes = task.Volumes ?? [],
                    EnableExecuteCommand = task.EnableExecuteCommand,
                    NetworkMode = task.NetworkMode,
                },
            ],
        };
    }

    /// <summary>Describes a finished attempt container by container; null for a single-container job.</summary>
    internal static IReadOnlyList<Wire.AttemptEcsTaskDetails>? Describe(
        Job job, Attempt attempt) => attempt.Containers is not { } containers ? null :
    [
        new()
        {
            TaskArn = attempt.TaskArn,
            ContainerInstanceArn = attempt.ContainerInstanceArn,
            Containers =
            [
                .. containers.Select(c => new Wire.AttemptTaskContainerDetails
                {
                    Name = c.Name,
                    ExitCode = c.ExitCode,
                    Reason = c.Reason,
                    LogStreamName = c.LogStreamName,
                    NetworkInterfaces = NetworkInterfaces.Of(job, attempt.TaskArn, attempt.PrivateAddress),
                }),
            ],
        },
    ];

    private static Wire.TaskContainerDetails Container(Job job, Wire.TaskContainerProperties container, Attempt? last)
    {
        var name = NameOf(container);
        var outcome = last?.Containers?.FirstOrDefault(c => c.Name == name);
        return new()
        {
            Command = container.Command,
            DependsOn = container.DependsOn,
            Environment = container.Environment,
            Essential = TaskContainers.IsEssential(container),
            FirelensConfiguration = container.FirelensConfiguration,
            Image = container.Image,
            LinuxParameters = container.LinuxParameters,
            LogConfiguration = container.LogConfiguration,
            MountPoints = container.MountPoints,
            Name = container.Name,
            Privileged = container.Privileged,
            ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
            RepositoryCredentials = container.RepositoryCredentials,
            ResourceRequirements = container.ResourceRequirements,
            Secrets = container.Secrets,
            Ulimits = container.Ulimits,
            User = container.User,
            StartTimeout = container.StartTimeout,
            StopTimeout = container.StopTimeout,
            ExitCode = outcome?.ExitCode,
            Reason = outcome?.Reason,
            LogStreamName = job.Current is { } current
                ? JobLog.StreamName(job, container.LogConfiguration, name, current.TaskId)
                : outcome?.LogStreamName,
            NetworkInterfaces = job.Current is { } placed ? NetworkInterfaces.Of(job, placed.TaskArn, placed.PrivateAddress)
                : job.Attempts.Count > 0 ? NetworkInterfaces.Of(job, job.Attempts[^1].TaskArn, job.Attempts[^1].PrivateAddress)
                : [],
        };
    }
}
