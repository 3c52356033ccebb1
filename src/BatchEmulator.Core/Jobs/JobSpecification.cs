using System.Text.Json.Serialization;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>Specification of a job: its definition merged with SubmitJob's overrides, parameters substituted. Never changes.</summary>
public sealed record JobSpecification
{
    public required string JobName { get; init; }

    public required string JobQueueArn { get; init; }

    /// <summary>ARN with revision; a service job has no definition.</summary>
    public string? JobDefinitionArn { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Wire.JobDependency> DependsOn { get; init; } = [];

    /// <summary>Returns true if each child of an array waits for the one before it.</summary>
    [JsonIgnore]
    public bool IsSequential => DependsOn.Any(JobDependencies.IsSequential);

    /// <summary>Number of children of an array job.</summary>
    public int? ArraySize { get; init; }

    /// <summary>Request of a service job to its service; such a job has none of the four members that follow.</summary>
    public ServiceRequest? Service { get; init; }

    /// <summary>The nodes of a multi-node parallel job, which has none of the three that follow.</summary>
    public Wire.NodeProperties? Nodes { get; init; }

    /// <summary>The container of a single-container job; null for a multi-container job.</summary>
    public Wire.ContainerProperties? Container { get; init; }

    /// <summary>The task of a multi-container job.</summary>
    public Wire.EcsTaskProperties? Task { get; init; }

    /// <summary>The pod of an EKS job.</summary>
    public Wire.EksPodProperties? Pod { get; init; }

    /// <summary>The cluster of an EKS job's queue.</summary>
    public string? EksClusterArn { get; init; }

    /// <summary>Number of children or nodes that the job has or will have.</summary>
    [JsonIgnore]
    public int Parts => ArraySize ?? Nodes?.NumNodes ?? 0;

    public Wire.RetryStrategy? RetryStrategy { get; init; }

    public Wire.JobTimeout? Timeout { get; init; }

    /// <summary>True to propagate tags; null if neither the definition nor the submission sets it.</summary>
    public bool? PropagateTags { get; init; }

    public IReadOnlyList<string> PlatformCapabilities { get; init; } = [];

    public string? ShareIdentifier { get; init; }

    /// <summary>Name of the quota share of a service job, in a queue that has quota shares.</summary>
    public string? QuotaShareName { get; init; }

    /// <summary>ARN of the line in which the job waits: its quota share, or its queue.</summary>
    [JsonIgnore]
    public string LineArn => QuotaShareName is { } share ? Arn.QuotaShare(JobQueueArn, share) : JobQueueArn;

    /// <summary>Text by which stores find the jobs of a share; a share identifier has no colon.</summary>
    [JsonIgnore]
    public string? ShareKey => QuotaShareName is { } share ? KeyOfQuotaShare(share) : ShareIdentifier;

    public int? SchedulingPriority { get; init; }

    /// <summary>Consumable resources as shown: the job's needs, without those of its nodes.</summary>
    public Wire.ConsumableResourceProperties? ConsumableResources { get; init; }

    /// <summary>Units of consumable resources that the job holds, with all its nodes; null or empty for none.</summary>
    public IReadOnlyList<ConsumableUnits>? Units { get; init; }

    /// <summary>Reason for which the accepted job cannot be dispatched; null as a rule.</summary>
    public string? DispatchFailure { get; init; }

    /// <summary>Amounts that one attempt needs, with all its nodes.</summary>
    public required ResourceAmounts Needs { get; init; }

    /// <summary>Returns the <see cref="ShareKey"/> of the jobs of a quota share.</summary>
    public static string KeyOfQuotaShare(string name) => $"quota-share:{name}";
}
