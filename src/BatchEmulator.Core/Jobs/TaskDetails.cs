using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Jobs;

/// <summary>A multi-container job as DescribeJobs shows it: what was asked for, with what the latest attempt gave to each container.</summary>
public static class TaskDetails
{
    public static Wire.EcsPropertiesDetail? Of(Job job)
    {
        if (job.Workload.Task is not { } task)
        {
            return null;
        }

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

    /// <summary>What of a finished attempt is shown for each container; null for a single-container job.</summary>
    public static IReadOnlyList<Wire.AttemptEcsTaskDetails>? Of(Job job, Attempt attempt) => attempt.Containers is not { } containers ? null :
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
                    NetworkInterfaces = JobDetails.NetworkInterfaces(job, attempt.TaskArn, attempt.PrivateAddress),
                }),
            ],
        },
    ];

    private static Wire.TaskContainerDetails Container(Job job, Wire.TaskContainerProperties container, Attempt? last)
    {
        var name = AttemptLaunches.NameOf(container);
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
            NetworkInterfaces = job.Current is { } placed ? JobDetails.NetworkInterfaces(job, placed.TaskArn, placed.PrivateAddress)
                : job.Attempts.Count > 0 ? JobDetails.NetworkInterfaces(job, job.Attempts[^1].TaskArn, job.Attempts[^1].PrivateAddress)
                : [],
        };
    }
}
