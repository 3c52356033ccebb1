using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates a job definition; messages are AWS's (API Reference, RegisterJobDefinition).</summary>
internal static class JobDefinitionRules
{
    public static void Check(Wire.RegisterJobDefinitionRequest request)
    {
        Require(ResourceName.IsValid(request.JobDefinitionName!), "Job definition name should match a valid pattern.");
        var isFargate = CheckCapabilities(request);
        CheckPropertyBlocks(request);
        CheckPriority(request.SchedulingPriority);
        RetryStrategyRules.Check(request.RetryStrategy);
        CheckTimeout(request.Timeout);
        ConsumableResourceRules.Check(request.ConsumableResourceProperties);
        TagRules.Check(request.Tags);
        Require(request.EksProperties is null || request.PropagateTags != true, "Batch on EKS does not support tag propagation.");
        if (request.NodeProperties is { } nodes)
        {
            NodeRules.Check(nodes);
        }
        else if (request.EcsProperties is { } ecs)
        {
            EcsRules.Check(IsForManagedInstances(request) ? WithCheckedPlatform(ecs) : ecs, isFargate);
        }
        else if (request.EksProperties is { } eks)
        {
            EksRules.Check(eks);
        }
        else
        {
            ContainerRules.Check(request.ContainerProperties!, isFargate);
        }
    }

    public static void CheckPriority(int? priority) =>
        Require(priority is null or (>= 0 and <= 9999), "Scheduling priority must be between 0 and 9999.");

    public static void CheckTimeout(Wire.JobTimeout? timeout) => Require(
        timeout is null || timeout.AttemptDurationSeconds is >= 60,
        "AttemptDurationSeconds in Timeout must be at least 60 seconds.");

    /// <summary>Returns true if jobs of a definition with these properties run on a Kubernetes cluster.</summary>
    public static bool IsEks(Wire.EksProperties? eks, Wire.NodeProperties? nodes) =>
        eks is not null || nodes?.NodeRangeProperties?.Any(r => r.EksProperties is not null) == true;

    private static bool CheckCapabilities(Wire.RegisterJobDefinitionRequest request)
    {
        if (request.PlatformCapabilities is not { Count: > 0 } capabilities)
        {
            return false;
        }

        foreach (var capability in capabilities)
        {
            Require(
                Wire.PlatformCapability.Values.Contains(capability),
                $"Capability {capability} is not valid. Valid capabilities: [FARGATE, EC2, MANAGED_INSTANCES]");
        }

        Require(capabilities.Count == 1, "Exactly 1 capability must be provided.");
        var isFargate = capabilities[0] == Wire.PlatformCapability.Fargate;
        Require(!isFargate || request.Type != Wire.JobDefinitionType.Multinode, "Fargate does not support MNP jobs");
        if (IsForManagedInstances(request))
        {
            Require(request.Type != Wire.JobDefinitionType.Multinode, "MANAGED_INSTANCES does not support MNP jobs");
            Require(request.ContainerProperties is null, "Cannot use ECS containerProperties for MANAGED_INSTANCES");
        }

        return isFargate;
    }

    private static bool IsForManagedInstances(Wire.RegisterJobDefinitionRequest request) =>
        request.PlatformCapabilities is [Wire.PlatformCapability.ManagedInstances];

    /// <summary>Checks the platform of the tasks: unlike on EC2, they may name one, but only LINUX.</summary>
    /// <returns>The properties without it.</returns>
    private static Wire.EcsProperties WithCheckedPlatform(Wire.EcsProperties ecs)
    {
        foreach (var family in ecs.TaskProperties!.Select(t => t.RuntimePlatform?.OperatingSystemFamily))
        {
            Require(
                family is null or "LINUX",
                $"runtimePlatform for MANAGED_INSTANCES only supports LINUX operatingSystemFamily, provided {family}.");
        }

        return ecs with { TaskProperties = [.. ecs.TaskProperties!.Select(t => t with { RuntimePlatform = null })] };
    }

    private static void CheckPropertyBlocks(Wire.RegisterJobDefinitionRequest request)
    {
        Require(
            request.ContainerProperties is null || request.EcsProperties is null,
            "Cannot use both ECS containerProperties and ecsProperties");
        Require(
            request.ContainerProperties is null || request.EksProperties is null,
            "Cannot use both ECS containerProperties and eksProperties");
        Require(request.EcsProperties is null || request.EksProperties is null, "Cannot use both ecsProperties and eksProperties");
        Require(request.NodeProperties is null || request.EksProperties is null, "Cannot use both nodeProperties and eksProperties");
        if (request.Type == Wire.JobDefinitionType.Multinode)
        {
            Require(request.NodeProperties is not null, "Node properties of multinode job is required.");
            Require(
                request.ContainerProperties is null && request.EcsProperties is null,
                OpenTexts.MultinodeTakesNodePropertiesOnly);
        }
        else
        {
            Require(
                request.NodeProperties is null,
                "ECS ContainerProperties, ecsProperties, or eksProperties is required when using type container.");
            Require(
                request.ContainerProperties is not null || request.EcsProperties is not null || request.EksProperties is not null,
                "ECS Container Image must be provided.");
        }
    }
}
