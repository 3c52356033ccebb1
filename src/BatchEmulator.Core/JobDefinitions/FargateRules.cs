using System.Globalization;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Refuses members that Fargate does not offer; messages are AWS's (User Guide, "Job definitions on Fargate").</summary>
internal static class FargateRules
{
    /// <summary>Message about the deprecated member, in a definition and in overrides.</summary>
    internal const string NoVcpus = "vcpus is not applicable for Fargate. Use resource requirements instead.";

    internal const string NoMemory = "memory is not applicable for Fargate. Use resource requirements instead.";

    private static readonly string[] LogDrivers = ["awslogs", "splunk", "awsfirelens"];

    private static readonly string[] WindowsFamilies =
    [
        "WINDOWS_SERVER_2019_CORE", "WINDOWS_SERVER_2019_FULL", "WINDOWS_SERVER_2022_CORE", "WINDOWS_SERVER_2022_FULL",
    ];

    /// <summary>API Reference, ResourceRequirement: the memory that goes with each vCPU value, in MiB.</summary>
    private static readonly (decimal Vcpus, int Minimum, int Maximum, int Step)[] Sizes =
    [
        (0.5m, 1024, 4096, 1024), (1, 2048, 8192, 1024), (2, 4096, 16384, 1024),
        (4, 8192, 30720, 1024), (8, 16384, 61440, 4096), (16, 32768, 122880, 8192),
    ];

    public static void CheckSize(decimal vcpus, long memory)
    {
        var isValid = (vcpus == 0.25m && memory is (512 or 1024 or 2048))
            || Sizes.Any(s => s.Vcpus == vcpus && memory >= s.Minimum && memory <= s.Maximum && (memory - s.Minimum) % s.Step == 0);
        Require(
            isValid,
            string.Create(CultureInfo.InvariantCulture, $"Fargate resource requirements ({vcpus:0.00} vCPU, {memory} MiB) not valid."));
    }

    public static void Check(Wire.ContainerProperties container)
    {
        Require(!string.IsNullOrEmpty(container.ExecutionRoleArn), "executionRoleArn is required for Fargate jobs.");
        Require(container.Vcpus is null, NoVcpus);
        Require(container.Memory is null, NoMemory);
        CheckGpu(container);
        Require(container.Ulimits is not { Count: > 0 }, "ulimits is not applicable for Fargate.");
        Require(container.Privileged != true, "Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.");
        if (container.LinuxParameters is { } linux)
        {
            NotAllowed(linux.Devices is { Count: > 0 }, "devices");
            NotAllowed(linux.SharedMemorySize is not null, "sharedMemorySize");
            NotAllowed(linux.Tmpfs is { Count: > 0 }, "tmpfs");
            NotAllowed(linux.MaxSwap is not null, "maxSwap");
            NotAllowed(linux.Swappiness is not null, "swappiness");
        }

        foreach (var volume in container.Volumes ?? [])
        {
            Require(volume.Host?.SourcePath is null, "host.sourcePath should not be set for volumes in Fargate.");
            var version = container.FargatePlatformConfiguration?.PlatformVersion;
            Require(
                volume.EfsVolumeConfiguration is null || version is not ("1.0.0" or "1.1.0" or "1.2.0" or "1.3.0"),
                $"EFS is supported for Fargate platform versions 1.4.0 or later, provided {version}");
        }

        Require(
            container.LogConfiguration is null || LogDrivers.Contains(container.LogConfiguration.LogDriver),
            $"Log driver for Fargate is not valid: {container.LogConfiguration?.LogDriver}");
        Require(
            container.EphemeralStorage is null || container.EphemeralStorage.SizeInGiB is >= 21 and <= 200,
            "Ephemeral storage for Fargate tasks can be only between range 21 GiB to 200 GiB");
        CheckPlatform(container);
    }

    public static void CheckGpu(Wire.ContainerProperties container) => Require(
        ContainerResourceRules.ValueOf(container.ResourceRequirements ?? [], Wire.ResourceType.Gpu) is null,
        "GPU is not applicable for Fargate.");

    /// <summary>Checks the size of a task of several containers.</summary>
    public static void CheckSize(Wire.EcsTaskProperties task)
    {
        var containers = task.Containers!.Select(c => TaskContainers.AsContainer(task, c)).ToList();
        CheckSize(
            containers.Sum(c => ContainerResourceRules.Vcpus(c)!.Value),
            containers.Sum(c => (long)ContainerResourceRules.Memory(c)!.Value));
    }

    private static void NotAllowed(bool isGiven, string member) =>
        Require(!isGiven, $"linuxParameter.{member} is not allowed for Fargate.");

    private static void CheckPlatform(Wire.ContainerProperties container)
    {
        if (container.RuntimePlatform is not { } platform)
        {
            return;
        }

        var family = platform.OperatingSystemFamily ?? "LINUX";
        var isWindows = WindowsFamilies.Contains(family);
        Require(
            isWindows || family == "LINUX",
            $"RuntimePlatform supports only one from [{string.Join(", ", WindowsFamilies)}, LINUX] operating systems, provided {family}");
        Require(
            isWindows || platform.CpuArchitecture is null or "X86_64" or "ARM64",
            "cpuArchitecture for Fargate LINUX tasks can be only one from [X86_64, ARM64].");
        Require(!isWindows || platform.CpuArchitecture is null or "X86_64", "Windows supported only by X86_64 cpuArchitecture");
        var vcpus = ContainerResourceRules.Vcpus(container);
        Require(
            !isWindows || vcpus >= 1,
            string.Create(CultureInfo.InvariantCulture, $"vCPU must be at least 1 for Windows Job definition, got {vcpus}."));
    }
}
