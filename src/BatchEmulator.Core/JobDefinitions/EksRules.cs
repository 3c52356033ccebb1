using System.Text.RegularExpressions;
using BatchEmulator.Core.ComputeEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>What is refused of eksProperties, in AWS's words (API Reference, EksPodProperties and EksContainer).</summary>
public static partial class EksRules
{
    private const int MaximumContainers = 10;

    public static void Check(Wire.EksProperties eks)
    {
        var pod = eks.PodProperties;
        Require(pod?.Containers is { Count: > 0 }, "Containers must be provided for Batch on EKS jobs.");
        var containers = (pod!.InitContainers ?? []).Concat(pod.Containers!).ToList();
        Require(pod.Containers!.Count <= MaximumContainers && (pod.InitContainers?.Count ?? 0) <= MaximumContainers, OpenTexts.TooManyPodContainers);
        CheckNames(containers);
        containers.ForEach(c => EksResourceRules.Check(c.Resources));
        Require(pod.Containers.All(c => EksResourceRules.AmountsOf(c).MemoryMiB > 0), OpenTexts.PodMemoryRequired);
        foreach (var key in pod.Metadata?.Labels?.Keys ?? [])
        {
            Require(LabelKeyPattern().IsMatch(key), $"The name {key} of the pod label key does not match a valid pattern.");
        }

        if (pod.Metadata?.Namespace is { } name)
        {
            KubernetesNamespace.Check(name, fullStop: ".");
        }

        CheckVolumes(pod, containers);
    }

    private static void CheckNames(List<Wire.EksContainer> containers)
    {
        Require(containers.Count == 1 || containers.TrueForAll(c => !string.IsNullOrEmpty(c.Name)), OpenTexts.ContainerNameRequired);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in containers.Select(c => c.Name).OfType<string>())
        {
            Require(names.Add(name), $"The container name: {name} must be unique in multi-container job.");
        }
    }

    private static void CheckVolumes(Wire.EksPodProperties pod, List<Wire.EksContainer> containers)
    {
        foreach (var volume in pod.Volumes ?? [])
        {
            Require(volume.EmptyDir?.Medium is null or "" or "Memory", "Invalid Volume mount. Allowed values - Memory or null.");
        }

        foreach (var mount in containers.SelectMany(c => c.VolumeMounts ?? []))
        {
            Require(pod.Volumes?.Any(v => v.Name == mount.Name) == true, OpenTexts.UnknownPodVolume(mount.Name));
        }
    }

    [GeneratedRegex(@"\A([a-zA-Z0-9.\-]{1,253}/)?[a-zA-Z0-9]([a-zA-Z0-9_.\-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelKeyPattern();
}
