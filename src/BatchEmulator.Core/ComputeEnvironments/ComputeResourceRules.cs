using BatchEmulator.Core.Instances;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>Validates the computeResources of a managed environment; messages are AWS's.</summary>
internal static class ComputeResourceRules
{
    private const int MaximumFargateSecurityGroups = 5;
    private const int MaximumFargateSubnets = 16;

    public static void Check(Wire.ComputeResource resources, bool isEks)
    {
        switch (resources.Type)
        {
            case Wire.CRType.Fargate or Wire.CRType.FargateSpot:
                CheckFargate(resources);
                break;
            case Wire.CRType.EcsManagedInstances:
                Require(resources.ManagedInstancesProvider is not null, "managedInstancesProvider is required for ECS_MANAGED_INSTANCES.");
                break;
            default:
                CheckEc2(resources, isEks);
                break;
        }

        Require(resources.MinvCpus is null or >= 0, "minvCpus should be greater than or equal to 0.");
        Require(resources.MaxvCpus >= (resources.MinvCpus ?? 0), "maxvCpus should be greater than or equal to minvCpus.");
        Require(
            resources.DesiredvCpus is not { } desired || (desired >= (resources.MinvCpus ?? 0) && desired <= resources.MaxvCpus),
            "desiredvCpus should be between minvCpus and maxvCpus.");
    }

    private static void CheckEc2(Wire.ComputeResource resources, bool isEks)
    {
        Require(!string.IsNullOrEmpty(resources.InstanceRole), "Instance role is required.");
        Require(resources.MinvCpus is not null, "Resource minvCpus is required.");
        Require(resources.InstanceTypes is { Count: > 0 }, "Resource instanceTypes are required.");
        CheckInstanceTypes(resources.InstanceTypes!);
        Require(resources.SecurityGroupIds is { Count: > 0 } || resources.LaunchTemplate is not null, "Security group ids are required.");
        CheckAllocation(resources);
        Require(resources.BidPercentage is null or (>= 0 and <= 100), "Bid percentage must be between 0 to 100.");
        if (resources.LaunchTemplate is { } template)
        {
            LaunchTemplateRules.Check(template, resources.InstanceTypes!);
        }

        foreach (var configuration in resources.Ec2Configuration ?? [])
        {
            CheckImageType(configuration.ImageType!, isEks);
        }
    }

    private static void CheckInstanceTypes(IReadOnlyList<string> types)
    {
        Require(types.All(InstanceTypes.IsKnown), $"Instance type can only be one of [{string.Join(", ", InstanceTypes.Known)}]");
        var arm = types.Count(InstanceTypes.IsArm);
        Require(arm == 0 || arm == types.Count, "arm-based instance type cannot be used with other instance types");
    }

    private static void CheckAllocation(Wire.ComputeResource resources)
    {
        var strategy = resources.AllocationStrategy ?? Wire.CRAllocationStrategy.BestFit;
        var isSpot = resources.Type == Wire.CRType.Spot;
        Require(
            !(isSpot && strategy == Wire.CRAllocationStrategy.BestFitProgressiveOrdered),
            $"Allocation strategy {strategy} requires compute resource type EC2.");
        Require(
            isSpot || !strategy.StartsWith("SPOT_", StringComparison.Ordinal),
            $"Allocation strategy {strategy} requires compute resource type SPOT.");
        var isOrdered =
            strategy is Wire.CRAllocationStrategy.BestFitProgressiveOrdered or Wire.CRAllocationStrategy.SpotCapacityOptimizedPrioritized;
        Require(
            !isOrdered
                || !(resources.InstanceTypes ?? []).Any(type => type == "optimal" || type.StartsWith("default_", StringComparison.Ordinal)),
            $"Instance type bundles (e.g. optimal, default_x86_64) are not allowed for {strategy} allocation strategy. "
                + "Specify instance families or types directly.");
        Require(
            !isSpot || strategy != Wire.CRAllocationStrategy.BestFit || !string.IsNullOrEmpty(resources.SpotIamFleetRole),
            "compute resource spotIamFleetRole is required.");
    }

    private static void CheckImageType(string imageType, bool isEks)
    {
        var prefix = isEks ? "EKS_" : "ECS_";
        Require(
            imageType == prefix + "AL2"
                || imageType == prefix + "AL2_NVIDIA"
                || imageType == prefix + "AL2023"
                || imageType == prefix + "AL2023_NVIDIA",
            "Invalid imageType in ComputeResources.ec2Configuration");
    }

    private static void CheckFargate(Wire.ComputeResource resources)
    {
        NotForFargate(resources.AllocationStrategy, "allocationStrategy");
        NotForFargate(resources.DesiredvCpus, "desiredvCpus");
        NotForFargate(resources.MinvCpus, "minvCpus");
        NotForFargate(resources.InstanceTypes, "instanceTypes");
        NotForFargate(resources.Tags, "tags");
        NotForFargate(resources.InstanceRole, "instanceRole");
        NotForFargate(resources.ImageId, "imageId");
        NotForFargate(resources.Ec2KeyPair, "ec2KeyPair");
        NotForFargate(resources.PlacementGroup, "placementGroup");
        NotForFargate(resources.BidPercentage, "bidPercentage");
        NotForFargate(resources.SpotIamFleetRole, "spotIamFleetRole");
        NotForFargate(resources.LaunchTemplate, "launchTemplate");
        NotForFargate(resources.Ec2Configuration, "ec2Configuration");
        Require(resources.SecurityGroupIds is { Count: > 0 }, "Security group ids are required.");
        Require(resources.SecurityGroupIds!.Count <= MaximumFargateSecurityGroups, "Fargate supports a maximum of 5 security groups.");
        Require(resources.Subnets!.Count <= MaximumFargateSubnets, "Fargate supports a maximum of 16 subnets.");
    }

    /// <summary>Refuses a value on Fargate. An empty text, list or map counts as none.</summary>
    internal static void NotForFargate(object? value, string field) => Require(
        value is null or "" or IReadOnlyCollection<object> { Count: 0 } or IReadOnlyDictionary<string, string> { Count: 0 },
        $"{field} is not applicable for Fargate.");
}
