namespace BatchEmulator.Core.JobDefinitions;

/// <summary>A task as AWS Batch echoes it: absent lists come back empty, scalars stay absent.</summary>
internal static class TaskEcho
{
    public static Wire.EcsProperties Of(Wire.EcsProperties ecs, bool isFargate) =>
        new() { TaskProperties = [.. ecs.TaskProperties!.Select(t => Of(t, isFargate))] };

    public static Wire.EcsTaskProperties Of(Wire.EcsTaskProperties task, bool isFargate) => task with
    {
        Containers = [.. task.Containers!.Select(Of)],
        Volumes = task.Volumes ?? [],
        PlatformVersion = task.PlatformVersion ?? (isFargate ? "LATEST" : null),
    };

    private static Wire.TaskContainerProperties Of(Wire.TaskContainerProperties container) => container with
    {
        Command = container.Command ?? [],
        DependsOn = container.DependsOn ?? [],
        Environment = ContainerEcho.EnvironmentOf(container.Environment),
        Essential = TaskContainers.IsEssential(container),
        MountPoints = container.MountPoints ?? [],
        ResourceRequirements = container.ResourceRequirements ?? [],
        Secrets = container.Secrets ?? [],
        Ulimits = container.Ulimits ?? [],
        LinuxParameters = ContainerEcho.LinuxParametersOf(container.LinuxParameters),
        LogConfiguration = ContainerEcho.LogConfigurationOf(container.LogConfiguration),
    };
}
