namespace BatchEmulator.Core.JobDefinitions;

/// <summary>nodeProperties as AWS Batch echoes them: the properties of a range like those of other jobs.</summary>
internal static class NodeEcho
{
    public static Wire.NodeProperties Of(Wire.NodeProperties nodes) => nodes with
    {
        NodeRangeProperties =
        [
            .. nodes.NodeRangeProperties!.Select(r => r with
            {
                Container = r.Container is { } container ? ContainerEcho.Of(container, isFargate: false) : null,
                EcsProperties = r.EcsProperties is { } ecs ? TaskEcho.Of(ecs, isFargate: false) : null,
                EksProperties = r.EksProperties is { } eks ? EksEcho.Of(eks) : null,
                ConsumableResourceProperties = ConsumableResourceRules.Echo(r.ConsumableResourceProperties),
            }),
        ],
    };
}
