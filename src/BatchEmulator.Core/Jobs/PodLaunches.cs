using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// A pod as containers of one attempt: init containers one after the other, each to its success, then the others together. None is
/// essential: a pod ends when all its containers have ended.
/// </summary>
internal static class PodLaunches
{
    public static IReadOnlyList<ContainerLaunch> Of(Wire.EksPodProperties pod, Func<string, Wire.ContainerProperties, ContainerLaunch> launch)
    {
        var launches = new List<ContainerLaunch>();
        var before = new List<ContainerDependency>();
        foreach (var container in pod.InitContainers ?? [])
        {
            launches.Add(Of(pod, container, launch) with { DependsOn = [.. before] });
            before = [new ContainerDependency(launches[^1].Name, ContainerCondition.Success)];
        }

        launches.AddRange(pod.Containers!.Select(c => Of(pod, c, launch) with { DependsOn = [.. before] }));
        return [.. launches.Select(l => l with { Essential = false })];
    }

    public static string NameOf(Wire.EksContainer container) => string.IsNullOrEmpty(container.Name) ? EksRules.DefaultName : container.Name;

    private static ContainerLaunch Of(
        Wire.EksPodProperties pod, Wire.EksContainer container, Func<string, Wire.ContainerProperties, ContainerLaunch> launch)
    {
        var amounts = EksResourceRules.AmountsOf(container);
        var made = launch(NameOf(container), AsContainer(pod, container));
        return made with
        {
            EntryPoint = container.Command is { Count: > 0 } command ? command : null,
            Command = container.Args ?? [],
            Vcpus = amounts.MilliVcpus / 1000.0,
            MemoryMiB = (int)Math.Min(amounts.MemoryMiB, int.MaxValue),
        };
    }

    /// <summary>Volumes that need a cluster (secrets, claims) are empty ones here.</summary>
    private static Wire.ContainerProperties AsContainer(Wire.EksPodProperties pod, Wire.EksContainer container) => new()
    {
        Image = container.Image,
        Environment = [.. (container.Env ?? []).Select(e => new Wire.KeyValuePair { Name = e.Name, Value = e.Value })],
        Privileged = container.SecurityContext?.Privileged,
        ReadonlyRootFilesystem = container.SecurityContext?.ReadOnlyRootFilesystem,
        User = container.SecurityContext?.RunAsUser is { } user
            ? container.SecurityContext.RunAsGroup is { } group ? $"{user}:{group}" : $"{user}"
            : null,
        MountPoints = [.. (container.VolumeMounts ?? []).Select(m => new Wire.MountPoint { SourceVolume = m.Name, ContainerPath = m.MountPath, ReadOnly = m.ReadOnly })],
        Volumes = [.. (pod.Volumes ?? []).Select(v => new Wire.Volume { Name = v.Name, Host = v.HostPath is { } host ? new() { SourcePath = host.Path } : null })],
    };
}
