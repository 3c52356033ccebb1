using System.Text.RegularExpressions;
using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>
/// Validates compute environments; messages are AWS's. Roles, subnets and images are not looked up: AWS does not do so synchronously
/// either.
/// </summary>
internal static partial class ComputeEnvironmentRules
{
    public static void CheckCreate(Scope scope, Wire.CreateComputeEnvironmentRequest request)
    {
        Require(ResourceName.IsValid(request.ComputeEnvironmentName!), "Compute Environment name should match a valid pattern.");
        if (request.Type == Wire.CEType.Unmanaged)
        {
            CheckUnmanaged(request);
        }
        else
        {
            Require(request.ComputeResources is not null, "computeResources must be provided for a MANAGED compute environment");
            Require(request.UnmanagedvCpus is null, "unmanagedvCpus is not applicable for managed Compute Environments");
            ComputeResourceRules.Check(request.ComputeResources!, request.EksConfiguration is not null);
        }

        if (request.EksConfiguration is { } eks)
        {
            CheckEks(scope, eks, request.ComputeResources);
        }
    }

    private static void CheckUnmanaged(Wire.CreateComputeEnvironmentRequest request)
    {
        Require(
            request.ComputeResources?.Type is not (Wire.CRType.Fargate or Wire.CRType.FargateSpot),
            "Cannot create an UNMANAGED Fargate Compute Environment.");
        Require(!string.IsNullOrEmpty(request.ServiceRole), "ServiceRole is required.");
        Require(!IsServiceLinkedRole(request.ServiceRole!), "Service Linked Role cannot be used with UNMANAGED Compute Environment");
        Require(request.UnmanagedvCpus is null or >= 0, "unmanagedvCpus should be greater than or equal to 0.");
    }

    private static void CheckEks(Scope scope, Wire.EksConfiguration eks, Wire.ComputeResource? resources)
    {
        if (resources is not null)
        {
            Require(
                resources.Type is Wire.CRType.Ec2 or Wire.CRType.Spot,
                "Supported compute types for EKS compute environments are [EC2, SPOT]");
            Require(resources.AllocationStrategy is not null, "allocationStrategy is required for EKS Compute Environments.");
        }

        var cluster = EksClusterPattern().Match(eks.EksClusterArn!);
        Require(cluster.Success, "eksClusterArn must be an EKS cluster ARN.");
        Require(cluster.Groups["region"].Value == scope.Region, "eksClusterArn must be in the same AWS region as the compute environment");
        KubernetesNamespace.Check(eks.KubernetesNamespace!, fullStop: "");
    }

    public static bool IsServiceLinkedRole(string role) => role.Contains("AWSServiceRoleForBatch", StringComparison.Ordinal);

    [GeneratedRegex(
        @"\Aarn:aws[a-z\-]*:eks:(?<region>[a-z0-9\-]+):[0-9]{12}:cluster/[a-zA-Z0-9][a-zA-Z0-9_\-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex EksClusterPattern();
}
