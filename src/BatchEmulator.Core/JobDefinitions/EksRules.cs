using System.Text.RegularExpressions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates eksProperties; messages are AWS's (API Reference, EksPodProperties and EksContainer).</summary>
internal static partial class EksRules
{
    /// <summary>API Reference, EksContainer, name.</summary>
    public const string DefaultName = "Default";

    private const int MaximumContainers = 10;
    private static readonly string[] DnsPolicies = ["Default", "ClusterFirst", "ClusterFirstWithHostNet"];
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];

    public static void Check(Wire.EksProperties eks)
    {
        var pod = eks.PodProperties;
        Require(pod?.Containers is { Count: > 0 }, "Containers must be provided for Batch on EKS jobs.");
        var containers = (pod!.InitContainers ?? []).Concat(pod.Containers!).ToList();
        Require(
            pod.Containers!.Count <= MaximumContainers && (pod.InitContainers?.Count ?? 0) <= MaximumContainers,
            OpenTexts.TooManyPodContainers);
        CheckNames(containers);
        Require(containers.TrueForAll(c => !string.IsNullOrEmpty(c.Image)), OpenTexts.PodImageRequired);
        containers.ForEach(c => EksResourceRules.Check(c.Resources));
        containers.ForEach(
            c => ContainerRules.CheckEnvironment([.. (c.Env ?? []).Select(e => new Wire.KeyValuePair { Name = e.Name, Value = e.Value })]));
        containers.ForEach(c => ContainerRules.CheckCommand([.. c.Command ?? [], .. c.Args ?? []]));
        Require(string.IsNullOrEmpty(pod.DnsPolicy) || DnsPolicies.Contains(pod.DnsPolicy), "Unsupported DNS policy value.");
        Require(
            containers.TrueForAll(c => string.IsNullOrEmpty(c.ImagePullPolicy) || PullPolicies.Contains(c.ImagePullPolicy)),
            "Unsupported image pull policy value.");
        EksMetadataRules.Check(pod.Metadata);
        CheckVolumes(pod, containers);
    }

    private static void CheckNames(List<Wire.EksContainer> containers)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in containers.Select(c => string.IsNullOrEmpty(c.Name) ? DefaultName : c.Name))
        {
            ContainerRules.CheckName(name);
            Require(names.Add(name), $"The container name: {name} must be unique in multi-container job.");
        }
    }

    private static void CheckVolumes(Wire.EksPodProperties pod, List<Wire.EksContainer> containers)
    {
        foreach (var volume in pod.Volumes ?? [])
        {
            Require(volume.EmptyDir?.Medium is null or "" or "Memory", "Invalid Volume mount. Allowed values - Memory or null.");
            Require(
                volume.EmptyDir?.SizeLimit is not { Length: > 0 } limit || MebibytePattern().IsMatch(limit),
                "Invalid empty dir size limit.");
        }

        foreach (var mount in containers.SelectMany(c => c.VolumeMounts ?? []))
        {
            Require(pod.Volumes?.Any(v => v.Name == mount.Name) == true, "The volumeMounts name is required for eksProperties.");
        }
    }

    [GeneratedRegex(@"\A[0-9]+Mi\z", RegexOptions.NonBacktracking)]
    private static partial Regex MebibytePattern();
}
