namespace BatchEmulator.Core;

/// <summary>Messages whose exact wording on AWS no source documents. Each is here once, to be replaced when it is known.</summary>
public static class OpenTexts
{
    public const string AlreadyExists = "Object already exists";
    public const string DeleteNeedsDisabled = "Cannot delete, state must be DISABLED.";
    public const string ServiceRoleKind =
        "The service role of a compute environment cannot be changed between the service-linked role and another role.";
    public const string UnmanagedHasNoResources = "computeResources cannot be updated for an UNMANAGED compute environment";
    public const string InfrastructureUpdate =
        "Infrastructure updates require the service-linked role and an allocation strategy other than BEST_FIT.";
    public const string QueuePriority = "Job queue priority must be between 0 and 1000.";
    public const string EksMixed = "EKS and ECS compute environments can not be mixed.";
    public const string StateTimeLimit = "maxTimeSeconds must be between 600 and 86400.";
    public const string ReservedTag = "Tag keys beginning with aws: are reserved for system use.";
    public const string TooManyTags = "The number of tags must not exceed 50 per resource.";
    public const string TooManyPropagatedTags = "The number of tags of the job and its job definition must not exceed 50.";
    public const string QueueTakesNoJobs = "JobQueue is not in a valid state to accept jobs.";
    public const string PolicyName = "Scheduling policy name should match a valid pattern.";
    public const string PolicyKind = "A scheduling policy can not change between fairsharePolicy and quotaSharePolicy.";
    public const string ShareDecay = "shareDecaySeconds must be between 0 and 604800.";
    public const string ComputeReservation = "computeReservation must be between 0 and 99.";
    public const string TooManyShares = "The job queue already has 500 active share identifiers.";
    public const string PolicyInUse = "Cannot delete, found existing JobQueue relationship with the scheduling policy.";
    public const string PolicyNotAdded = "A scheduling policy cannot be added to a job queue that was created without one.";
    public const string TooManyPolicies = "Maximum number of scheduling policies supported is  100";
    public const string TooManyJobs = "The number of jobs that are not finished has reached its limit.";

    public const string CapacityLimitIncomplete = "Every capacity limit must have a capacityUnit and a maxCapacity.";
    public const string CapacityUnitTwice = "Capacity units must be unique.";
    public const string ServiceEnvironmentInUse = "Cannot delete, found existing JobQueue relationship.";
    public const string ServiceQueueTakesNoJobs =
        "Jobs cannot be submitted to a job queue of type SAGEMAKER_TRAINING: use SubmitServiceJob.";
    public const string NotServiceQueue = "Service jobs can only be submitted to a job queue of type SAGEMAKER_TRAINING.";
    public const string NoComputeEnvironments = "Job queues of type SAGEMAKER_TRAINING can not have computeEnvironmentOrder.";
    public const string ServicePayloadLength = "serviceRequestPayload must be at most 10 KiB.";
    public const string ClientTokenUsed = "A service job with this clientToken has been submitted already.";
    public const string ShareOfServiceJob = "shareIdentifier can only be used with a fair share scheduling policy.";
    public const string ServiceFilterName =
        "Filter name is not valid. Valid names: [JOB_NAME, BEFORE_CREATED_AT, AFTER_CREATED_AT, SHARE_IDENTIFIER, QUOTA_SHARE_NAME]";
    public const string JobQueueRequired = "jobQueue must be provided.";

    public const string QuotaShareName = "Quota share name should match a valid pattern.";
    public const string QuotaShareQueue = "Quota shares can only be associated with a job queue that has a quotaSharePolicy.";
    public const string QuotaShareQueueNotValid = "The job queue must be VALID before it can be associated with a quota share.";
    public const string TooManyQuotaShares = "Maximum number of quota shares supported per job queue is 20";
    public const string BorrowLimit = "borrowLimit must be -1 or more.";
    public const string BorrowLimitStrategy = "borrowLimit can only be specified with the LEND_AND_BORROW strategy.";
    public const string QuotaServiceEnvironment =
        "Quota management requires a service environment whose capacity limits are instance types.";
    public const string QuotaServiceEnvironmentInUse =
        "A service environment of a job queue with a quotaSharePolicy can not be attached to another job queue.";
    public const string PolicyKindOfQueue =
        "The scheduling policy of a job queue can not change between fairsharePolicy and quotaSharePolicy.";
    public const string QuotaShareRequired = "quotaShareName must be specified.";
    public const string QuotaShareOfServiceJob =
        "quotaShareName and preemptionConfiguration can only be used with a job queue that has a quotaSharePolicy.";
    public const string QuotaShareTakesNoJobs = "Quota share is not in a valid state to accept jobs.";
    public const string PreemptionRetries = "preemptionRetriesBeforeTermination must be 0 or more.";

    /// <summary>Reason of an attempt that was stopped for a job of higher priority in its own quota share.</summary>
    public const string InSharePreemption = "In-share preemption triggered by a job with a higher scheduling priority";

    public const string ConsumableResourceType = "resourceType must be one of [REPLENISHABLE, NON_REPLENISHABLE].";
    public const string ConsumableOperation = "operation must be one of [SET, ADD, REMOVE].";
    public const string ConsumableQuantityRequired = "quantity must be provided.";
    public const string ConsumableQuantity = "quantity cannot be a negative number.";
    public const string ConsumableTotal = "totalQuantity cannot be less than 0 or more than 9223372036854775807.";
    public const string ConsumableFilterName = "Filter name is not valid. Valid names: [CONSUMABLE_RESOURCE_NAME]";
    public const string ConsumableJobFilterName = "Filter name is not valid. Valid names: [JOB_STATUS, JOB_NAME]";

    public const string OneTask = "Exactly one taskProperties element must be provided.";
    public const string ContainerNameRequired = "Container name is required in a multi-container job.";
    public const string ContainerName = "Container name should match a valid pattern: up to 255 letters, digits, hyphens and underscores.";
    public const string VolumeName = "Volume name should match a valid pattern: up to 255 letters, digits, hyphens and underscores.";
    public const string InvalidCommand = "The command contains a character that is not allowed.";
    public const string ContainerDependencyCycle = "Container dependencies must not form a cycle.";
    public const string ConsumableResourceIncomplete = "Every consumableResource must have a name or ARN and a quantity of at least 1.";
    public const string MultinodeTakesNodePropertiesOnly = "Job definitions of type multinode can only use node properties.";
    public const string NodeRangePayloads = "NodeRangeProperties can not use both eksProperties and container or ecsProperties fields";
    public const string NodeRangesOfOneKind = "All node ranges must use the same one of container, ecsProperties and eksProperties.";
    public const string ArrayOfMultinode = "Multi-node parallel jobs can not be array jobs.";

    /// <summary>Reason of a node that was stopped because the main node had ended.</summary>
    public const string MainNodeEnded = "Main node exited";
    public const string OverridesOfAnotherKind = "The overrides do not match the type of the job definition.";

    public const string PodImageRequired = "image is required for every container of a pod.";
    public const string TooManyPodContainers = "Number of containers must be between 1 and 10";

    public const string ArraySize = "Array size must be between 2 and 10000.";
    public const string DependencyNeedsJobId = "A dependency of type N_TO_N must have a jobId.";
    public const string InstanceTypeOverride = "instanceType can only be overridden for multi-node parallel jobs.";

    public const string TooManyDefinitions = "Maximum number of job definitions supported is  100";
    public const string OneListing = "Exactly one of jobQueue, arrayJobId, multiNodeJobId must be provided.";
    public const string OneFilter = "Only one filter can be used at a time.";
    public const string OneFilterValue = "A filter must have exactly one value.";
    public const string FilterName =
        "Filter name is not valid. Valid names: [JOB_NAME, JOB_DEFINITION, BEFORE_CREATED_AT, AFTER_CREATED_AT, SHARE_IDENTIFIER]";
    public const string NextToken = "The nextToken is not valid.";

    public const string EmptyJobId = "jobId must not be empty.";
    public const string ReasonLength = "reason must have between 1 and 1024 characters.";
    public const string BulkSize = "Between 1 and 50 jobs must be provided.";

    public static string ReservedVariable(string name) => $"Environment variable {name} is reserved: names must not start with AWS_BATCH.";

    public static string InvalidVariable(string name) => $"Environment variable {name.Replace('\0', '?')} is not valid.";

    /// <summary>AWS's message continues with all instance types that it knows.</summary>
    public static string CapacityUnit(string unit) => $"{unit} is unknown capacity unit in [NUM_INSTANCES, ml.<family>.<size>]";

    public static string ConsumableResourceNotFound(string given) => $"ConsumableResource {Excerpt.Of(given, 256)} not found.";

    public static string QuotaShareUnit(string unit) =>
        $"{Excerpt.Of(unit, 64)} is not an instance type that the service environment of the job queue limits.";

    public static string QuotaShareNotFound(string given) => $"QuotaShare {Excerpt.Of(given, 400)} not found.";

    public static string FilterStatus(string? status) => $"{status} is not a status of a job.";

    public static string ServiceJobNotFound(string id) => $"Service job {Excerpt.Of(id, 128)} not found.";

    public static string UnequalPair(string jobId, int? size) =>
        $"N_TO_N dependencies need array jobs of the same size: job {jobId} has {(size is null ? "no array" : $"size {size}")}.";

    public static string FilterTime(string? name) => $"The value of filter {name} must be a time in milliseconds since the epoch.";

    public static string PageSize(int maximum) => $"maxResults must be between 1 and {maximum}.";

    /// <summary>Known for SubmitJob.</summary>
    public static string RequestTooLarge(string operation, int kibibytes) => $"The request of {operation} must be at most {kibibytes} KiB.";

    public static string MalformedJobId(string id) => $"Job id {Excerpt.Of(id, 128)} is not valid.";

    public static string DependencyNotFound(string jobId) => $"Job {jobId} given in dependsOn does not exist.";

    public static string InvalidResourceArn(string arn) => $"Invalid resourceArn: {arn}";

    public static string ResourceNotFound(string arn) => $"Resource {arn} not found.";
}
