using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>What RegisterJobDefinition refuses, in AWS's words (API Reference, RegisterJobDefinition).</summary>
public static class JobDefinitionRules
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
        if (request.NodeProperties is { } nodes)
        {
            NodeRules.Check(nodes);
        }
        else if (request.EcsProperties is { } ecs)
        {
            EcsRules.Check(ecs, isFargate);
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

    /// <summary>Whether a definition with these properties makes jobs for a cluster of Kubernetes.</summary>
    public static bool IsEks(Wire.EksProperties? eks, Wire.NodeProperties? nodes) =>
        eks is not null || nodes?.NodeRangeProperties?.Any(r => r.EksProperties is not null) == true;

    private static bool CheckCapabilities(Wire.RegisterJobDefinitionRequest request)
    {
        if (request.PlatformCapabilities is not { } capabilities)
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
        return isFargate;
    }

    private static void CheckPropertyBlocks(Wire.RegisterJobDefinitionRequest request)
    {
        Require(request.ContainerProperties is null || request.EcsProperties is null, "Cannot use both ECS containerProperties and ecsProperties");
        Require(request.ContainerProperties is null || request.EksProperties is null, "Cannot use both ECS containerProperties and eksProperties");
        Require(request.EcsProperties is null || request.EksProperties is null, "Cannot use both ecsProperties and eksProperties");
        if (request.Type == Wire.JobDefinitionType.Multinode)
        {
            Require(request.NodeProperties is not null, "Node properties of multinode job is required.");
            Require(
                request.ContainerProperties is null && request.EcsProperties is null && request.EksProperties is null,
                OpenTexts.MultinodeTakesNodePropertiesOnly);
        }
        else
        {
            Require(request.NodeProperties is null, OpenTexts.NodePropertiesNeedMultinode);
            Require(
                request.ContainerProperties is not null || request.EcsProperties is not null || request.EksProperties is not null,
                "ECS Container Image must be provided.");
        }
    }
}
