using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.JobQueues;

/// <summary>A job queue: what its owner specified, and its life.</summary>
public sealed record JobQueue
{
    public const string HealthyReason = "JobQueue Healthy";

    public required string Arn { get; init; }

    public required Scope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>Position in the total order of everything created.</summary>
    public required long Sequence { get; init; }

    /// <summary>Higher is scheduled first, 0 to 1000.</summary>
    public required int Priority { get; init; }

    /// <summary>ARNs, in ascending order of the user's order values.</summary>
    public required IReadOnlyList<Wire.ComputeEnvironmentOrder> ComputeEnvironmentOrder { get; init; }

    /// <summary>ARNs. A queue that runs service jobs has one and no compute environments, every other has none.</summary>
    public IReadOnlyList<Wire.ServiceEnvironmentOrder>? ServiceEnvironmentOrder { get; init; }

    public string? JobQueueType { get; init; }

    /// <summary>Whether the queue takes service jobs, and no others.</summary>
    public bool IsService => JobQueueType == Wire.JobQueueType.SagemakerTraining;

    public string? SchedulingPolicyArn { get; init; }

    public IReadOnlyList<Wire.JobStateTimeLimitAction> JobStateTimeLimitActions { get; init; } = [];

    public required ResourceState State { get; init; }

    public required ResourceStatus Status { get; init; }

    public string StatusReason { get; init; } = "";

    /// <summary>When the change in progress completes; null when none is.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    public bool IsBeingModified => SettlesAt is not null;

    /// <summary>A disabled queue takes no new jobs; those it has run to their end.</summary>
    public bool AcceptsJobs => State == ResourceState.Enabled && Status is (ResourceStatus.Valid or ResourceStatus.Updating);

    /// <summary>The change in progress is complete.</summary>
    public JobQueue Settled() => this with { Status = ResourceStatus.Valid, StatusReason = HealthyReason, SettlesAt = null };

    public Wire.JobQueueDetail ToWire(IReadOnlyDictionary<string, string> tags) => new()
    {
        JobQueueName = Name,
        JobQueueArn = Arn,
        State = State.Wire(),
        Status = Status.Wire(),
        StatusReason = StatusReason,
        Priority = Priority,
        ComputeEnvironmentOrder = ComputeEnvironmentOrder,
        ServiceEnvironmentOrder = ServiceEnvironmentOrder,
        JobQueueType = JobQueueType,
        SchedulingPolicyArn = SchedulingPolicyArn,
        JobStateTimeLimitActions = JobStateTimeLimitActions,
        Tags = tags,
    };
}
