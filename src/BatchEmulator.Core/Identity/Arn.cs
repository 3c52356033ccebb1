using System.Globalization;
using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Identity;

/// <summary>
/// ARNs of AWS Batch (Service Authorization Reference, "Resource types defined by AWS Batch"), and those of ECS, SageMaker and IAM that it
/// shows.
/// </summary>
public static partial class Arn
{
    public const string ComputeEnvironmentType = "compute-environment";
    public const string JobQueueType = "job-queue";
    public const string SchedulingPolicyType = "scheduling-policy";
    public const string JobDefinitionType = "job-definition";
    public const string JobType = "job";
    public const string ConsumableResourceType = "consumable-resource";
    public const string ServiceEnvironmentType = "service-environment";
    public const string ServiceJobType = "service-job";
    public const string ContainerInstanceType = "container-instance";

    /// <summary>Second type in the ARN of a quota share, which begins as that of its queue.</summary>
    public const string QuotaShareType = "quota-share";

    public static string ComputeEnvironment(Scope scope, string name) => Batch(scope, ComputeEnvironmentType, name);

    public static string JobQueue(Scope scope, string name) => Batch(scope, JobQueueType, name);

    public static string SchedulingPolicy(Scope scope, string name) => Batch(scope, SchedulingPolicyType, name);

    public static string JobDefinition(Scope scope, string name, int revision) =>
        Batch(scope, JobDefinitionType, string.Create(CultureInfo.InvariantCulture, $"{name}:{revision}"));

    /// <param name="scope">Scope of the job.</param>
    /// <param name="jobId">A UUID, <c>uuid:index</c> or <c>uuid#index</c>.</param>
    public static string Job(Scope scope, string jobId) => Batch(scope, JobType, jobId);

    public static string ConsumableResource(Scope scope, string name) => Batch(scope, ConsumableResourceType, name);

    public static string ServiceEnvironment(Scope scope, string name) => Batch(scope, ServiceEnvironmentType, name);

    public static string ServiceJob(Scope scope, string jobId) => Batch(scope, ServiceJobType, jobId);

    /// <param name="jobQueueArn">ARN of its queue.</param>
    /// <param name="name">Name of the share, unique within the queue.</param>
    public static string QuotaShare(string jobQueueArn, string name) => $"{jobQueueArn}/{QuotaShareType}/{name}";

    public static string TrainingJob(Scope scope, string name) =>
        $"arn:{scope.Partition}:sagemaker:{scope.Region}:{scope.Account}:training-job/{name}";

    public static string Task(Scope scope, string clusterName, string taskId) => Ecs(scope, $"task/{clusterName}/{taskId}");

    public static string ContainerInstance(Scope scope, string clusterName, string id) =>
        Ecs(scope, $"{ContainerInstanceType}/{clusterName}/{id}");

    public static string Cluster(Scope scope, string clusterName) => Ecs(scope, $"cluster/{clusterName}");

    /// <summary>Returns the full ARN of a role given by short name; an ARN is unchanged.</summary>
    public static string Role(Scope scope, string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn : $"arn:{scope.Partition}:iam::{scope.Account}:role/{nameOrArn}";

    public static string ServiceLinkedRole(Scope scope) => Role(scope, "aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch");

    /// <summary>Returns the ARN of a reference by name or ARN within the scope; an ARN is unchanged.</summary>
    public static string Resolve(Scope scope, string type, string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn : Batch(scope, type, nameOrArn);

    /// <summary>Returns the last part of an ARN of the form <c>.../name</c>.</summary>
    public static string NameOf(string arn) => arn[(arn.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Parses an AWS Batch ARN; null if it is none.</summary>
    public static BatchArn? Parse(string arn)
    {
        var match = BatchArnPattern().Match(arn);
        return match.Success
            ? new BatchArn(
                new Scope(match.Groups["account"].Value, match.Groups["region"].Value),
                match.Groups["type"].Value,
                match.Groups["name"].Value)
            : null;
    }

    private static string Batch(Scope scope, string type, string name) =>
        $"arn:{scope.Partition}:batch:{scope.Region}:{scope.Account}:{type}/{name}";

    private static string Ecs(Scope scope, string resource) => $"arn:{scope.Partition}:ecs:{scope.Region}:{scope.Account}:{resource}";

    [GeneratedRegex(
        @"\Aarn:aws[a-z\-]*:batch:(?<region>[a-z0-9\-]+):(?<account>[0-9]{12}):(?<type>[a-z\-]+)/(?<name>.+)\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex BatchArnPattern();
}

/// <summary>The parts of an AWS Batch ARN.</summary>
public sealed record BatchArn(Scope Scope, string Type, string Name);
