using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>A create request as the specification that describe operations show: the documented defaults filled in.</summary>
internal static class ComputeEnvironmentSpecification
{
    public static Wire.ComputeEnvironmentDetail Of(Scope scope, Wire.CreateComputeEnvironmentRequest request) => new()
    {
        Type = request.Type,
        UnmanagedvCpus = request.UnmanagedvCpus,
        ServiceRole = string.IsNullOrEmpty(request.ServiceRole) ? Arn.ServiceLinkedRole(scope) : Arn.Role(scope, request.ServiceRole),
        EksConfiguration = request.EksConfiguration,
        Context = request.Context,
        EcsSettings = request.EcsSettings,
        ComputeResources = request.ComputeResources is { } resources && request.Type == Wire.CEType.Managed
            ? Completed(resources, request.EksConfiguration is not null)
            : null,
    };

    private static Wire.ComputeResource Completed(Wire.ComputeResource resources, bool isEks)
    {
        if (resources.Type is Wire.CRType.Fargate or Wire.CRType.FargateSpot)
        {
            return WithoutInstances(resources);
        }

        if (resources.Type is not (Wire.CRType.Ec2 or Wire.CRType.Spot))
        {
            return resources;
        }

        return resources with
        {
            DesiredvCpus = resources.DesiredvCpus ?? resources.MinvCpus ?? 0,
            SecurityGroupIds = resources.SecurityGroupIds ?? [],
            Tags = resources.Tags ?? new Dictionary<string, string>(),
            Ec2Configuration = resources.Ec2Configuration is { Count: > 0 }
                ? resources.Ec2Configuration
                : [new() { ImageType = DefaultImageType(resources, isEks) }],
            LaunchTemplate = resources.LaunchTemplate is { } template ? template with { Overrides = template.Overrides ?? [] } : null,
        };
    }

    /// <summary>Removes the members that Fargate does not have; validation has ensured that they are empty.</summary>
    private static Wire.ComputeResource WithoutInstances(Wire.ComputeResource resources) => resources with
    {
        InstanceTypes = null,
        InstanceRole = null,
        ImageId = null,
        Ec2KeyPair = null,
        PlacementGroup = null,
        SpotIamFleetRole = null,
        Ec2Configuration = null,
    };

    /// <summary>Amazon Linux 2023 since January 2026 (User Guide, "Use Amazon Linux 2023 AMIs").</summary>
    private static string DefaultImageType(Wire.ComputeResource resources, bool isEks)
    {
        var hasGpu = resources.InstanceTypes?.All(t => t.StartsWith('p') || t.StartsWith('g')) == true;
        return (isEks ? "EKS_AL2023" : "ECS_AL2023") + (hasGpu ? "_NVIDIA" : "");
    }
}
