namespace BatchEmulator.Core;

/// <summary>Sentences whose exact wording on AWS no source is known for. Each stands here once, to be replaced when it is.</summary>
public static class OpenTexts
{
    public const string DeleteNeedsDisabled = "Cannot delete, state must be DISABLED.";
    public const string QueueTakesNoJobs = "JobQueue is not in a valid state to accept jobs.";
    public const string ShareIdentifierIsRequired = "ShareIdentifier is required for job queue with fair share scheduling policy.";
    public const string TooManyJobs = "The number of jobs that are not finished has reached its limit.";

    public const string OneTask = "Exactly one taskProperties element must be provided.";
    public const string ContainerNameRequired = "Container name is required in a multi-container job.";
    public const string ContainerDependencyCycle = "Container dependencies must not form a cycle.";
    public const string NodePropertiesNeedMultinode = "Node properties can only be used with job definitions of type multinode.";
    public const string ConsumableResourceIncomplete = "Every consumableResource must have a name or ARN and a quantity of at least 1.";
    public const string MultinodeTakesNodePropertiesOnly = "Job definitions of type multinode can only use node properties.";
    public const string NodeRangePayloads = "NodeRangeProperties can not use both eksProperties and container or ecsProperties fields";
    public const string NodeRangesOfOneKind = "All node ranges must use the same one of container, ecsProperties and eksProperties.";
    public const string NodeRangeBeyondNodes = "targetNodes is out of range, must be less than numNodes.";
    public const string NodeWithoutRange = "Node ranges must account for all nodes.";
    public const string NumNodesNeedsOpenRange = "To override numNodes, a node range of the job definition must have an open upper boundary and a lower one less than numNodes.";
    public const string ArrayOfMultinode = "Multi-node parallel jobs can not be array jobs.";

    /// <summary>What a node shows that was stopped because the main node had ended.</summary>
    public const string MainNodeEnded = "Main node exited";
    public const string TooManyConditions = "EvaluateOnExit can have at most 5 conditions.";
    public const string OverridesOfAnotherKind = "The overrides do not match the type of the job definition.";

    public const string TooManyPodContainers = "Number of containers must be between 1 and 10";
    public const string PodMemoryRequired = "Memory is required for every container of a pod.";
    public const string PodMemoryMustBeEqual = "memory must be equal in limits and requests.";

    public static string UnknownPodVolume(string? name) => $"Volume mount {name} must reference a defined volume.";

    public const string EmptyJobId = "jobId must not be empty.";
    public const string ReasonLength = "reason must have between 1 and 1024 characters.";
    public const string BulkSize = "Between 1 and 50 jobs must be provided.";

    public static string MalformedJobId(string id) => $"Job id {(id.Length <= 128 ? id : id[..128])} is not valid.";

    public static string DependencyNotFound(string jobId) => $"Job {jobId} given in dependsOn does not exist.";

    public static string ResourceNotFound(string arn) => $"Resource {arn} not found.";
}
