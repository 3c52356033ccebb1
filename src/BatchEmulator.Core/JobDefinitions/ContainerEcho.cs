namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// A container as AWS Batch echoes it: absent lists come back empty, scalars stay absent, environment entries without a value are dropped,
/// and Fargate shows its platform version.
/// </summary>
internal static class ContainerEcho
{
    public static Wire.ContainerProperties Of(Wire.ContainerProperties container, bool isFargate) => container with
    {
        Command = container.Command ?? [],
        Volumes = container.Volumes ?? [],
        Environment = EnvironmentOf(container.Environment),
        MountPoints = container.MountPoints ?? [],
        Ulimits = container.Ulimits ?? [],
        ResourceRequirements = container.ResourceRequirements ?? [],
        Secrets = container.Secrets ?? [],
        LinuxParameters = LinuxParametersOf(container.LinuxParameters),
        LogConfiguration = LogConfigurationOf(container.LogConfiguration),
        FargatePlatformConfiguration = container.FargatePlatformConfiguration ?? (isFargate ? new() { PlatformVersion = "LATEST" } : null),
    };

    public static IReadOnlyList<Wire.KeyValuePair> EnvironmentOf(IReadOnlyList<Wire.KeyValuePair>? environment) =>
        environment?.Where(e => !string.IsNullOrEmpty(e.Value)).ToList() ?? [];

    public static Wire.LogConfiguration? LogConfigurationOf(Wire.LogConfiguration? log) => log is null ? null : log with
    {
        Options = log.Options ?? new Dictionary<string, string>(),
        SecretOptions = log.SecretOptions ?? [],
    };

    public static Wire.LinuxParameters? LinuxParametersOf(Wire.LinuxParameters? linux) => linux is null ? null : linux with
    {
        Devices = linux.Devices?.Select(d => d with { Permissions = d.Permissions ?? [] }).ToList() ?? [],
        Tmpfs = linux.Tmpfs?.Select(t => t with { MountOptions = t.MountOptions ?? [] }).ToList() ?? [],
    };
}
