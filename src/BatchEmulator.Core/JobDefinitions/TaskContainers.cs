namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// Converts a container of a task to equivalent containerProperties, so that one set of rules and one launch serve both forms.
/// </summary>
internal static class TaskContainers
{
    public static Wire.ContainerProperties AsContainer(Wire.EcsTaskProperties task, Wire.TaskContainerProperties container) => new()
    {
        Image = container.Image,
        Command = container.Command,
        Environment = container.Environment,
        LinuxParameters = container.LinuxParameters,
        LogConfiguration = container.LogConfiguration,
        MountPoints = container.MountPoints,
        Privileged = container.Privileged,
        ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
        RepositoryCredentials = container.RepositoryCredentials,
        ResourceRequirements = container.ResourceRequirements,
        Secrets = container.Secrets,
        Ulimits = container.Ulimits,
        User = container.User,
        Volumes = task.Volumes,
        JobRoleArn = task.TaskRoleArn,
        ExecutionRoleArn = task.ExecutionRoleArn,
        EphemeralStorage = task.EphemeralStorage,
        RuntimePlatform = task.RuntimePlatform,
        NetworkConfiguration = task.NetworkConfiguration,
        FargatePlatformConfiguration = task.PlatformVersion is { } version ? new() { PlatformVersion = version } : null,
    };

    /// <summary>Returns true if a container is essential, which is the default.</summary>
    public static bool IsEssential(Wire.TaskContainerProperties container) => container.Essential ?? true;
}
