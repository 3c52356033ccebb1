using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.JobQueues;

/// <summary>A job queue: its specification, and its life.</summary>
public sealed record JobQueue : StatefulResource
{
    /// <summary>Row in the table of kinds.</summary>
    public static readonly ResourceKind<JobQueue> Row = new(
        Identity.Arn.JobQueueType,
        number: 2,
        "Job Queue",
        "jobQueues",
        JobQueueJson.Documents.JobQueue,
        static (writer, resource) => JsonSerializer.Serialize(writer, resource.ToWire(Tags.None), BatchJson.Wire.JobQueueDetail));

    public const string HealthyReason = "JobQueue Healthy";

    public override ResourceKind Kind => Row;

    /// <summary>Priority from 0 to 1000; a higher one is scheduled first.</summary>
    public required int Priority { get; init; }

    /// <summary>ARNs of compute environments, in ascending order of the user's order values.</summary>
    public required IReadOnlyList<Wire.ComputeEnvironmentOrder> ComputeEnvironmentOrder { get; init; }

    /// <summary>
    /// ARNs of service environments. A queue that runs service jobs has one and no compute environments, any other has none.
    /// </summary>
    public IReadOnlyList<Wire.ServiceEnvironmentOrder>? ServiceEnvironmentOrder { get; init; }

    public string? JobQueueType { get; init; }

    /// <summary>Returns true if the queue accepts service jobs, and no others.</summary>
    public bool IsService => JobQueueType == Wire.JobQueueType.SagemakerTraining;

    public string? SchedulingPolicyArn { get; init; }

    public IReadOnlyList<Wire.JobStateTimeLimitAction> JobStateTimeLimitActions { get; init; } = [];

    protected override string ValidReason => HealthyReason;

    /// <summary>Returns the queue after the change. A queue that is being deleted stays until its last job has ended.</summary>
    public override Resource Settled() => Status == ResourceStatus.Deleting ? this : base.Settled()!;

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
