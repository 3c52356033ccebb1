using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates nodeProperties; messages are AWS's (User Guide, "Multi-node parallel jobs"; API Reference, NodeProperties).</summary>
internal static class NodeRules
{
    private const int MaximumNodes = 1000;
    private const int MaximumRanges = 5;

    public static void Check(Wire.NodeProperties nodes)
    {
        CheckCounts(nodes);
        Require(nodes.NodeRangeProperties!.Count <= MaximumRanges, "Maximum allowed size of node range properties is 5");
        foreach (var range in nodes.NodeRangeProperties)
        {
            Require(NodeRange.Parse(range.TargetNodes!) is not null, "targetNodes should contain only digits.");
            CheckPayload(range);
        }

        Require(nodes.NodeRangeProperties.Select(KindOf).Distinct().Count() <= 1, OpenTexts.NodeRangesOfOneKind);
        CheckCover(nodes);
    }

    /// <summary>Checks the number of nodes and the index of the main node.</summary>
    public static void CheckCounts(Wire.NodeProperties nodes)
    {
        Require(nodes.NumNodes is >= 1 and <= MaximumNodes, "Number of nodes must be between 1 and 1000.");
        Require(nodes.MainNode >= 0 && nodes.MainNode < nodes.NumNodes, "Main node index is out of range, must be less than numNodes.");
    }

    /// <summary>Checks that every node has a range.</summary>
    public static void CheckCover(Wire.NodeProperties nodes)
    {
        var ranges = nodes.NodeRangeProperties!.Select(r => (Text: r.TargetNodes, Range: NodeRange.Parse(r.TargetNodes!)!.Value)).ToList();
        foreach (var (text, range) in ranges)
        {
            Require(
                Math.Max(range.Lower, range.Upper ?? 0) < nodes.NumNodes,
                $"Node range error {text}. Node range should be smaller than number of nodes");
        }

        Require(
            Enumerable.Range(0, nodes.NumNodes!.Value).All(i => ranges.Exists(r => r.Range.Contains(i))),
            "Node Range Properties target nodes have missing ranges");
    }

    private static void CheckPayload(Wire.NodeRangeProperty range)
    {
        Require(
            range.EcsProperties is null || range.Container is null,
            "NodeRangeProperties can not use both ecsProperties and container fields");
        Require(range.EksProperties is null || (range.Container is null && range.EcsProperties is null), OpenTexts.NodeRangePayloads);
        ConsumableResourceRules.Check(range.ConsumableResourceProperties);
        Require(
            range.InstanceTypes is not { Count: > 0 } || range.EcsProperties is not null,
            "Using instanceTypes with nodeRangeProperty is only allowed for ecsProperties jobs.");
        if (range.EcsProperties is { } ecs)
        {
            EcsRules.Check(ecs, isFargate: false);
        }
        else if (range.EksProperties is { } eks)
        {
            EksRules.Check(eks);
        }
        else
        {
            Require(range.Container is not null, $"Must specify container for node range {range.TargetNodes}");
            ContainerRules.Check(range.Container!, isFargate: false);
        }
    }

    private static string KindOf(Wire.NodeRangeProperty range) =>
        range.EcsProperties is not null ? nameof(range.EcsProperties)
        : range.EksProperties is not null ? nameof(range.EksProperties)
        : nameof(range.Container);
}
