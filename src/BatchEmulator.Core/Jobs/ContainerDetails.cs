namespace BatchEmulator.Core.Jobs;

/// <summary>Members that containerProperties and a job's container have in common.</summary>
internal static class ContainerDetails
{
    public static Wire.ContainerDetail Of(Wire.ContainerProperties container) => new()
    {
        Image = container.Image,
        Vcpus = container.Vcpus,
        Memory = container.Memory,
        Command = container.Command ?? [],
        JobRoleArn = container.JobRoleArn,
        ExecutionRoleArn = container.ExecutionRoleArn,
        Volumes = container.Volumes ?? [],
        Environment = container.Environment ?? [],
        MountPoints = container.MountPoints ?? [],
        ReadonlyRootFilesystem = container.ReadonlyRootFilesystem,
        Ulimits = container.Ulimits ?? [],
        Privileged = container.Privileged,
        User = container.User,
        InstanceType = container.InstanceType,
        NetworkInterfaces = [],
        ResourceRequirements = container.ResourceRequirements ?? [],
        LinuxParameters = container.LinuxParameters,
        LogConfiguration = container.LogConfiguration,
        Secrets = container.Secrets ?? [],
        NetworkConfiguration = container.NetworkConfiguration,
        FargatePlatformConfiguration = container.FargatePlatformConfiguration,
        EphemeralStorage = container.EphemeralStorage,
        RuntimePlatform = container.RuntimePlatform,
        RepositoryCredentials = container.RepositoryCredentials,
        EnableExecuteCommand = container.EnableExecuteCommand,
    };
}
