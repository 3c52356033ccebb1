using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>Applies UpdateComputeEnvironment to a specification (User Guide, "Update a compute environment in AWS Batch").</summary>
internal static class ComputeEnvironmentUpdate
{
    /// <summary>Minutes that jobs have to finish on instances that are replaced (API Reference, UpdatePolicy).</summary>
    public const int DefaultTimeoutMinutes = 30;

    private static readonly string[] ReplacingStrategies =
    [
        Wire.CRAllocationStrategy.BestFitProgressive,
        Wire.CRAllocationStrategy.SpotCapacityOptimized,
        Wire.CRAllocationStrategy.SpotPriceCapacityOptimized,
        Wire.CRAllocationStrategy.BestFitProgressiveOrdered,
        Wire.CRAllocationStrategy.SpotCapacityOptimizedPrioritized,
    ];

    /// <summary>Returns true if a request changes something; AWS refuses updatePolicy alone.</summary>
    public static bool IsAny(Wire.UpdateComputeEnvironmentRequest request) =>
        request.State is not null || request.UnmanagedvCpus is not null || !string.IsNullOrEmpty(request.ServiceRole)
        || (request.ComputeResources is { } resources && resources != new Wire.ComputeResourceUpdate());

    /// <summary>Returns true if a request replaces the instances of an environment.</summary>
    public static bool ReplacesInstances(Wire.UpdateComputeEnvironmentRequest request) =>
        request.ComputeResources is { } update && IsInfrastructureUpdate(update);

    public static Wire.ComputeEnvironmentDetail Apply(ComputeEnvironment environment, Wire.UpdateComputeEnvironmentRequest request)
    {
        var current = environment.Specification;
        Require(
            request.UnmanagedvCpus is null || !environment.IsManaged,
            "unmanagedvCpus is not applicable for managed Compute Environments");
        var role = request.ServiceRole is { Length: > 0 } given ? Arn.Role(environment.Scope, given) : current.ServiceRole;
        Require(
            ComputeEnvironmentRules.IsServiceLinkedRole(role!) == ComputeEnvironmentRules.IsServiceLinkedRole(current.ServiceRole!),
            OpenTexts.ServiceRoleKind);
        Require(
            request.ComputeResources is null || environment.IsManaged,
            OpenTexts.UnmanagedHasNoResources);
        return current with
        {
            ServiceRole = role,
            UnmanagedvCpus = request.UnmanagedvCpus ?? current.UnmanagedvCpus,
            UpdatePolicy = request.UpdatePolicy is { } policy
                ? new()
                {
                    TerminateJobsOnUpdate = policy.TerminateJobsOnUpdate ?? current.UpdatePolicy?.TerminateJobsOnUpdate ?? false,
                    JobExecutionTimeoutMinutes = policy.JobExecutionTimeoutMinutes
                        ?? current.UpdatePolicy?.JobExecutionTimeoutMinutes
                        ?? DefaultTimeoutMinutes,
                }
                : current.UpdatePolicy,
            Context = request.Context ?? current.Context,
            EcsSettings = request.EcsSettings ?? current.EcsSettings,
            ComputeResources = request.ComputeResources is { } update
                ? environment.IsFargate ? ApplyFargate(current.ComputeResources!, update) : ApplyEc2(environment, update)
                : current.ComputeResources,
        };
    }

    private static Wire.ComputeResource ApplyFargate(Wire.ComputeResource current, Wire.ComputeResourceUpdate update)
    {
        ComputeResourceRules.NotForFargate(update.AllocationStrategy, "allocationStrategy");
        ComputeResourceRules.NotForFargate(update.DesiredvCpus, "desiredvCpus");
        ComputeResourceRules.NotForFargate(update.MinvCpus, "minvCpus");
        ComputeResourceRules.NotForFargate(update.InstanceTypes, "instanceTypes");
        ComputeResourceRules.NotForFargate(update.Tags, "tags");
        ComputeResourceRules.NotForFargate(update.InstanceRole, "instanceRole");
        ComputeResourceRules.NotForFargate(update.ImageId, "imageId");
        ComputeResourceRules.NotForFargate(update.Ec2KeyPair, "ec2KeyPair");
        ComputeResourceRules.NotForFargate(update.PlacementGroup, "placementGroup");
        ComputeResourceRules.NotForFargate(update.BidPercentage, "bidPercentage");
        ComputeResourceRules.NotForFargate(update.LaunchTemplate, "launchTemplate");
        ComputeResourceRules.NotForFargate(update.Ec2Configuration, "ec2Configuration");
        var updated = current with
        {
            Type = update.Type ?? current.Type,
            MaxvCpus = update.MaxvCpus ?? current.MaxvCpus,
            Subnets = update.Subnets is { Count: > 0 } subnets ? subnets : current.Subnets,
            SecurityGroupIds = update.SecurityGroupIds is { Count: > 0 } groups ? groups : current.SecurityGroupIds,
        };
        ComputeResourceRules.Check(updated, isEks: false);
        return updated;
    }

    private static Wire.ComputeResource ApplyEc2(ComputeEnvironment environment, Wire.ComputeResourceUpdate update)
    {
        var current = environment.Specification.ComputeResources!;
        if (update.DesiredvCpus < (current.DesiredvCpus ?? 0))
        {
            throw ClientException.Refused(
                "Manually scaling down compute environment is not supported.  "
                    + "Disconnecting job queues from compute environment will cause it to scale-down to minvCpus.");
        }

        if (IsInfrastructureUpdate(update))
        {
            var strategy = update.AllocationStrategy ?? current.AllocationStrategy;
            Require(
                strategy is not null
                    && ReplacingStrategies.Contains(strategy)
                    && ComputeEnvironmentRules.IsServiceLinkedRole(environment.Specification.ServiceRole!),
                OpenTexts.InfrastructureUpdate);
        }

        var updated = current with
        {
            Type = update.Type ?? current.Type,
            AllocationStrategy = update.AllocationStrategy ?? current.AllocationStrategy,
            MinvCpus = update.MinvCpus ?? current.MinvCpus,
            MaxvCpus = update.MaxvCpus ?? current.MaxvCpus,
            DesiredvCpus = Math.Max(update.DesiredvCpus ?? current.DesiredvCpus ?? 0, update.MinvCpus ?? current.MinvCpus ?? 0),
            Subnets = update.Subnets is { Count: > 0 } ? update.Subnets : current.Subnets,
            SecurityGroupIds = update.SecurityGroupIds ?? current.SecurityGroupIds,
            InstanceTypes = update.InstanceTypes is { Count: > 0 } ? update.InstanceTypes : current.InstanceTypes,
            InstanceRole = update.InstanceRole ?? current.InstanceRole,
            Ec2KeyPair = Replaced(update.Ec2KeyPair, current.Ec2KeyPair),
            PlacementGroup = Replaced(update.PlacementGroup, current.PlacementGroup),
            ImageId = Replaced(update.ImageId, current.ImageId),
            BidPercentage = update.BidPercentage ?? current.BidPercentage,
            Tags = update.Tags ?? current.Tags,
            CapacityTags = update.CapacityTags ?? current.CapacityTags,
            LaunchTemplate = update.LaunchTemplate is { } template
                ? IsEmpty(template) ? null : template with { Overrides = template.Overrides ?? [] }
                : current.LaunchTemplate,
            Ec2Configuration = update.Ec2Configuration is { Count: > 0 } ? update.Ec2Configuration : current.Ec2Configuration,
            ScalingPolicy = update.ScalingPolicy is { } scaling
                ? scaling.MinScaleDownDelayMinutes is null or 0 ? null : scaling
                : current.ScalingPolicy,
        };
        // Without a wish of its owner, desiredvCpus shows what the environment has, which a new maximum may be below.
        ComputeResourceRules.Check(
            update.DesiredvCpus is null ? updated with { DesiredvCpus = null } : updated, environment.IsEks);
        return updated;
    }

    /// <summary>Returns true if an update replaces instances: everything but vCPU counts, state, and service role does.</summary>
    private static bool IsInfrastructureUpdate(Wire.ComputeResourceUpdate update) => update with
    {
        MinvCpus = null,
        MaxvCpus = null,
        DesiredvCpus = null,
        ScalingPolicy = null,
    } != new Wire.ComputeResourceUpdate();

    /// <summary>An empty text removes the value.</summary>
    private static string? Replaced(string? update, string? current) => update is null ? current : update.Length == 0 ? null : update;

    private static bool IsEmpty(Wire.LaunchTemplateSpecification template) =>
        string.IsNullOrEmpty(template.LaunchTemplateId)
            && string.IsNullOrEmpty(template.LaunchTemplateName)
            && template.Overrides is not { Count: > 0 };
}
