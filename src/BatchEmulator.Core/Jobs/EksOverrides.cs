using BatchEmulator.Core.JobDefinitions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Merges SubmitJob's eksPropertiesOverride into a definition's pod, container by container (API Reference, EksPodPropertiesOverride).
/// </summary>
internal static class EksOverrides
{
    public static Wire.EksPodProperties Merge(Wire.EksPodProperties pod, Wire.EksPropertiesOverride? overrides)
    {
        if (overrides?.PodProperties is not { } given)
        {
            return pod;
        }

        var merged = pod with
        {
            Containers = Merge(pod.Containers!, given.Containers),
            InitContainers = Merge(pod.InitContainers ?? [], given.InitContainers),
            Metadata = given.Metadata is { } metadata
                ? new()
                {
                    Labels = Merge(pod.Metadata?.Labels, metadata.Labels),
                    Annotations = Merge(pod.Metadata?.Annotations, metadata.Annotations),
                    Namespace = metadata.Namespace ?? pod.Metadata?.Namespace,
                }
                : pod.Metadata,
        };
        EksRules.Check(new() { PodProperties = merged });
        return merged;
    }

    private static IReadOnlyList<Wire.EksContainer> Merge(
        IReadOnlyList<Wire.EksContainer> own, IReadOnlyList<Wire.EksContainerOverride>? overriding)
    {
        var merged = own.ToList();
        foreach (var item in overriding ?? [])
        {
            // The only container may be overridden without its name.
            var index = item.Name is null && own.Count == 1 ? 0 : merged.FindIndex(c => c.Name == item.Name);
            Require(index >= 0, $"containerName {item.Name} must reference a defined container.");
            merged[index] = merged[index] with
            {
                Image = item.Image ?? merged[index].Image,
                Command = item.Command is { Count: > 0 } command ? command : merged[index].Command,
                Args = item.Args is { Count: > 0 } arguments ? arguments : merged[index].Args,
                Env = MergeEnvironment(merged[index].Env, item.Env),
                Resources = item.Resources is { } resources
                    ? new()
                    {
                        Limits = Merge(merged[index].Resources?.Limits, resources.Limits),
                        Requests = Merge(merged[index].Resources?.Requests, resources.Requests),
                    }
                    : merged[index].Resources,
            };
        }

        return merged;
    }

    private static IReadOnlyList<Wire.EksContainerEnvironmentVariable>? MergeEnvironment(
        IReadOnlyList<Wire.EksContainerEnvironmentVariable>? own, IReadOnlyList<Wire.EksContainerEnvironmentVariable>? overriding) =>
        overriding is not { Count: > 0 } ? own : [.. (own ?? []).Where(o => overriding.All(e => e.Name != o.Name)), .. overriding];

    private static IReadOnlyDictionary<string, string>? Merge(
        IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string>? overriding)
    {
        if (overriding is not { Count: > 0 })
        {
            return own;
        }

        var merged = new Dictionary<string, string>(own ?? new Dictionary<string, string>());
        foreach (var (name, value) in overriding)
        {
            merged[name] = value;
        }

        return merged;
    }
}
