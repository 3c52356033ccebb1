using BatchEmulator.Core.JobDefinitions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>Merges SubmitJob's nodeOverrides into a definition's nodeProperties, range by range (API Reference, NodeOverrides).</summary>
public static class NodeOverrides
{
    public static Wire.NodeProperties Merge(Wire.NodeProperties nodes, Wire.NodeOverrides? overrides)
    {
        var byRange = ByRange(nodes, overrides?.NodePropertyOverrides ?? []);
        var merged = nodes with
        {
            NodeRangeProperties =
            [
                .. nodes.NodeRangeProperties!.Select(r => byRange[NodeRange.Parse(r.TargetNodes!)!.Value].Aggregate(r, Merge)),
            ],
        };
        return overrides?.NumNodes is { } count ? Resize(merged, count) : merged;
    }

    private static ILookup<NodeRange, Wire.NodePropertyOverride> ByRange(
        Wire.NodeProperties nodes, IReadOnlyList<Wire.NodePropertyOverride> overrides)
    {
        var known = nodes.NodeRangeProperties!.Select(r => NodeRange.Parse(r.TargetNodes!)!.Value).ToHashSet();
        var strange = overrides
            .Where(o => NodeRange.Parse(o.TargetNodes!) is not { } range || !known.Contains(range))
            .Select(o => o.TargetNodes)
            .ToList();
        RequireState(
            strange.Count == 0, $"NodeOverride targets should match job definition. Non matching targets - {string.Join(", ", strange)}");
        return overrides.ToLookup(o => NodeRange.Parse(o.TargetNodes!)!.Value);
    }

    private static Wire.NodeRangeProperty Merge(Wire.NodeRangeProperty range, Wire.NodePropertyOverride overrides)
    {
        RequireState(
            (overrides.ContainerOverrides is null || range.Container is not null)
                && (overrides.EcsPropertiesOverride is null || range.EcsProperties is not null)
                && (overrides.EksPropertiesOverride is null || range.EksProperties is not null),
            OpenTexts.OverridesOfAnotherKind);
        Require(
            overrides.InstanceTypes is not { Count: > 0 } || range.EcsProperties is not null,
            "Using instanceTypes with nodeRangeProperty is only allowed for ecsProperties jobs.");
        ConsumableResourceRules.Check(overrides.ConsumableResourcePropertiesOverride);
        return range with
        {
            Container = range.Container is { } container ? ContainerOverrides.MergeOfNode(container, overrides.ContainerOverrides) : null,
            EcsProperties = range.EcsProperties is { TaskProperties: [var task, ..] }
                ? new() { TaskProperties = [EcsOverrides.Merge(task, overrides.EcsPropertiesOverride, isFargate: false)] }
                : null,
            EksProperties = range.EksProperties is { PodProperties: { } pod }
                ? new() { PodProperties = EksOverrides.Merge(pod, overrides.EksPropertiesOverride) }
                : null,
            ConsumableResourceProperties = ConsumableResourceRules.Echo(overrides.ConsumableResourcePropertiesOverride)
                ?? range.ConsumableResourceProperties,
            InstanceTypes = overrides.InstanceTypes ?? range.InstanceTypes,
        };
    }

    /// <summary>Changes the number of nodes: a range without an upper end gains or loses nodes; no other changes.</summary>
    private static Wire.NodeProperties Resize(Wire.NodeProperties nodes, int count)
    {
        var resized = nodes with { NumNodes = count };
        NodeRules.CheckCounts(resized);
        RequireState(
            nodes.NodeRangeProperties!.Any(r => NodeRange.Parse(r.TargetNodes!) is { IsOpen: true } range && range.Lower < count),
            "NumNodes override can only be applied if the job definition has "
                + "at least 1 target node without a range_end i.e (:) or (range_start:).");
        NodeRules.CheckCover(resized);
        return resized;
    }
}
