namespace BatchEmulator.Core.JobDefinitions;

/// <summary>A register request as AWS Batch echoes it.</summary>
public static class JobDefinitionEcho
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
            EcsProperties = request.EcsProperties is { } ecs ? new() { TaskProperties = [.. ecs.TaskProperties!.Select(t => TaskEcho.Of(t, isFargate))] } : null,
            EksProperties = request.EksProperties,
            Timeout = request.Timeout,
            PropagateTags = request.PropagateTags,
            PlatformCapabilities = request.PlatformCapabilities,
            ConsumableResourceProperties = ConsumableResourceRules.Echo(request.ConsumableResourceProperties),
            ContainerOrchestrationType = request.EksProperties is null ? Wire.OrchestrationType.Ecs : Wire.OrchestrationType.Eks,
        };
    }
}
