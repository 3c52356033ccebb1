namespace BatchEmulator.Core.JobDefinitions;

/// <summary>A register request as AWS Batch echoes it.</summary>
internal static class JobDefinitionEcho
{
    public static Wire.JobDefinition Of(Wire.RegisterJobDefinitionRequest request)
    {
        var isFargate = request.PlatformCapabilities?.Contains(Wire.PlatformCapability.Fargate) == true;
        return new Wire.JobDefinition
        {
            Type = request.Type,
            SchedulingPriority = request.SchedulingPriority,
            Parameters = request.Parameters ?? new Dictionary<string, string>(),
            RetryStrategy = RetryStrategyRules.Echo(request.RetryStrategy),
            ContainerProperties = request.ContainerProperties is { } container ? ContainerEcho.Of(container, isFargate) : null,
            EcsProperties = request.EcsProperties is { } ecs ? TaskEcho.Of(ecs, isFargate) : null,
            NodeProperties = request.NodeProperties is { } nodes ? NodeEcho.Of(nodes) : null,
            EksProperties = request.EksProperties is { } eks ? EksEcho.Of(eks) : null,
            Timeout = request.Timeout,
            PropagateTags = request.PropagateTags,
            PlatformCapabilities = request.PlatformCapabilities is { Count: > 0 } capabilities ? capabilities : null,
            ConsumableResourceProperties = ConsumableResourceRules.Echo(request.ConsumableResourceProperties),
            ContainerOrchestrationType = JobDefinitionRules.IsEks(request.EksProperties, request.NodeProperties)
                ? Wire.OrchestrationType.Eks
                : Wire.OrchestrationType.Ecs,
        };
    }
}
