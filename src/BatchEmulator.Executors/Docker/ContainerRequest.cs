using System.Globalization;
using BatchEmulator.Core.Attempts;
using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker;

/// <summary>Translates a container of an attempt into a request to the engine, as the ECS agent does for the tasks of AWS Batch.</summary>
internal static class ContainerRequest
{
    private const long MiB = 1024 * 1024;

    // The range that the kernel accepts.
    private const int FewestShares = 2;
    private const int MostShares = 262_144;
    private const int SharesPerVcpu = 1024;

    // AWS Batch accepts jobs of 4 MiB; engines refuse containers below 6.
    private const int SmallestMemoryMiB = 6;

    // Prefix of a request for the network of another container.
    private const string JoiningPrefix = "container:";

    private static readonly string[] HostNames = ["host.docker.internal:host-gateway"];

    // The engine's default may be a driver whose output cannot be read.
    private static readonly LogConfig ReadableLog = new() { Type = "json-file" };

    /// <param name="instance">Id of this emulator.</param>
    /// <param name="launch">The attempt.</param>
    /// <param name="container">One of its containers.</param>
    /// <param name="networkOf">Id of the container whose network is shared; null for a separate network.</param>
    public static CreateContainerParameters Of(string instance, AttemptLaunch launch, ContainerLaunch container, string? networkOf)
    {
        var labels = DockerNames.AttemptLabels(instance, launch);
        labels[DockerNames.Container] = container.Name;
        return new CreateContainerParameters
        {
            Name = DockerNames.ContainerName(instance, launch.Key, container.Name),
            Image = container.Image,
            // A missing list keeps the image's own.
            Cmd = container.Command.Count == 0 ? null! : [.. container.Command],
            Entrypoint = container.EntryPoint is { } entryPoint ? [.. entryPoint] : null!,
            Env = [.. container.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            User = container.Properties.User ?? "",
            Labels = labels,
            HostConfig = Host(instance, launch, container, networkOf),
        };
    }

    /// <returns>Id of the container whose network this one shares; null for none.</returns>
    public static string? JoinedContainer(HostConfig? host) =>
        host?.NetworkMode.StartsWith(JoiningPrefix, StringComparison.Ordinal) == true ? host.NetworkMode[JoiningPrefix.Length..] : null;

    /// <summary>Returns the names of the attempt's volumes that end with it.</summary>
    public static IEnumerable<string> AttemptVolumes(string instance, AttemptLaunch launch) =>
        launch.Containers
            .SelectMany(container => Mounted(container).Where(mount => mount.HostPath is null).Select(mount => mount.Point.SourceVolume!))
            .Distinct(StringComparer.Ordinal)
            .Select(volume => DockerNames.VolumeName(instance, launch.Key, volume));

    private static HostConfig Host(string instance, AttemptLaunch launch, ContainerLaunch container, string? networkOf)
    {
        var linux = container.Properties.LinuxParameters;
        var memory = container.MemoryMiB is { } limit ? Math.Max(limit, SmallestMemoryMiB) * MiB : 0;
        var mounts = Mounted(container).ToList();
        return new HostConfig
        {
            // On ECS vCPUs are a share and no limit: an idle machine gives a container more.
            CPUShares = Math.Clamp((int)(container.Vcpus * SharesPerVcpu), FewestShares, MostShares),
            Memory = memory,
            // Without maxSwap a job does not swap (LinuxParameters in the API reference).
            MemorySwap = memory == 0 ? 0 : memory + ((linux?.MaxSwap ?? 0) * MiB),
            MemorySwappiness = linux?.MaxSwap is > 0 ? linux.Swappiness : null,
            // Containers of one task reach each other at localhost, as with awsvpc. The owner of the network has the host's name.
            NetworkMode = networkOf is null ? NodeNetworks.NameOf(instance, launch) ?? "" : JoiningPrefix + networkOf,
            ExtraHosts = networkOf is null ? HostNames : [],
            Privileged = container.Properties.Privileged ?? false,
            ReadonlyRootfs = container.Properties.ReadonlyRootFilesystem ?? false,
            Init = linux?.InitProcessEnabled,
            ShmSize = (linux?.SharedMemorySize ?? 0) * MiB,
            Tmpfs = linux?.Tmpfs?.DistinctBy(tmpfs => tmpfs.ContainerPath ?? "")
                .ToDictionary(tmpfs => tmpfs.ContainerPath ?? "", TmpfsOptions, StringComparer.Ordinal),
            Devices = [.. (linux?.Devices ?? []).Select(Device)],
            Ulimits = [.. (container.Properties.Ulimits ?? []).Select(Limit)],
            Binds = [.. mounts.Where(mount => mount.HostPath is not null).Select(Bind)],
            Mounts = [.. mounts.Where(mount => mount.HostPath is null).Select(mount => Volume(instance, launch, mount.Point))],
            LogConfig = ReadableLog,
        };
    }

    private static IEnumerable<(Wire.MountPoint Point, string? HostPath)> Mounted(ContainerLaunch container) =>
        from point in container.Properties.MountPoints ?? []
        where point.SourceVolume is not null && point.ContainerPath is not null
        let volume = container.Properties.Volumes?.FirstOrDefault(volume => volume.Name == point.SourceVolume)
        select (point, string.IsNullOrEmpty(volume?.Host?.SourcePath) ? null : volume.Host.SourcePath);

    // A bind in this form creates a missing folder of the host, as documented for sourcePath; a mount would fail.
    private static string Bind((Wire.MountPoint Point, string? HostPath) mount) =>
        $"{mount.HostPath}:{mount.Point.ContainerPath}{(mount.Point.ReadOnly == true ? ":ro" : "")}";

    private static Mount Volume(string instance, AttemptLaunch launch, Wire.MountPoint point) => new()
    {
        Type = "volume",
        Source = DockerNames.VolumeName(instance, launch.Key, point.SourceVolume!),
        Target = point.ContainerPath,
        ReadOnly = point.ReadOnly ?? false,
        VolumeOptions = new VolumeOptions { Labels = DockerNames.AttemptLabels(instance, launch) },
    };

    private static Ulimit Limit(Wire.Ulimit limit) =>
        new() { Name = limit.Name ?? "", Soft = limit.SoftLimit ?? 0, Hard = limit.HardLimit ?? 0 };

    private static string TmpfsOptions(Wire.Tmpfs tmpfs) =>
        string.Join(',', [.. tmpfs.MountOptions ?? [], $"size={(tmpfs.Size ?? 0).ToString(CultureInfo.InvariantCulture)}m"]);

    private static DeviceMapping Device(Wire.Device device)
    {
        const string everything = "rwm";
        var asked = device.Permissions ?? [];
        var granted = string.Concat(everything.Where(letter => asked.Any(permission =>
            permission.StartsWith(letter.ToString(), StringComparison.OrdinalIgnoreCase))));
        var hostPath = device.HostPath ?? "";
        return new DeviceMapping
        {
            PathOnHost = hostPath,
            PathInContainer = string.IsNullOrEmpty(device.ContainerPath) ? hostPath : device.ContainerPath,
            CgroupPermissions = granted.Length == 0 ? everything : granted,
        };
    }
}
