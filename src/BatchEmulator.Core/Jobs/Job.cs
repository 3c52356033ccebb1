using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// A job in its current state: immutable, replaced at every transition. Invariants: <see cref="Current"/> is set exactly while the job is
/// SCHEDULED, STARTING or RUNNING; <see cref="StoppedAt"/> exactly when it is finished; <see cref="Attempts"/> holds finished attempts
/// only.
/// </summary>
public sealed record Job
{
    /// <summary>Id: a UUID; a child's is <c>uuid:index</c>, a node's <c>uuid#index</c>.</summary>
    public required string Id { get; init; }

    public required Scope Scope { get; init; }

    /// <summary>Position in the total order of creation, which decides between equal times of creation.</summary>
    public required long Sequence { get; init; }

    /// <summary>The array that the job is a child of, or the multi-node parallel job that it is a node of.</summary>
    public string? ParentId { get; init; }

    /// <summary>Index of a child in its array, of a node in its job.</summary>
    public int? Index { get; init; }

    /// <summary>Summary of an array parent's children.</summary>
    public ArraySummary? Children { get; init; }

    /// <summary>Submission merged with its definition; shared by the children of an array and by nodes.</summary>
    public required JobSpecification Specification { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required JobStatus Status { get; init; }

    public string? StatusReason { get; init; }

    /// <summary>
    /// Time since which the job has been at the head of its queue and cannot be placed anywhere, for the reason in
    /// <see cref="StatusReason"/>.
    /// </summary>
    public DateTimeOffset? BlockedSince { get; init; }

    /// <summary>Time at which the latest attempt began to run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Finished attempts, oldest first.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>The attempt in progress.</summary>
    public CurrentAttempt? Current { get; init; }

    /// <summary>Reason for ending the job: the text of CancelJob or TerminateJob, or of the timeout.</summary>
    public string? StopReason { get; init; }

    public bool IsCancelled { get; init; }

    public bool IsTerminated { get; init; }

    /// <summary>Progress that only a service job has.</summary>
    public ServiceJobProgress? Service { get; init; }

    public string Arn => IsService ? Identity.Arn.ServiceJob(Scope, Id) : Identity.Arn.Job(Scope, Id);

    /// <summary>Returns true for a service job: handed over to a service, and shown by separate operations.</summary>
    public bool IsService => Service is not null;

    /// <summary>Returns true for an array parent: never placed itself, it ends when its children have ended.</summary>
    public bool IsArrayParent => ParentId is null && Specification.ArraySize is not null;

    public bool IsArrayChild => ParentId is not null && Specification.ArraySize is not null;

    /// <summary>Returns true for a multi-node parallel job: placed as a whole, run by its nodes, ended by its main node.</summary>
    public bool IsMultiNode => ParentId is null && Specification.Nodes is not null;

    /// <summary>
    /// Returns true for a node of a multi-node parallel job: it exists from its first start, and is never placed by itself.
    /// </summary>
    public bool IsNode => ParentId is not null && Specification.Nodes is not null;

    public bool IsMainNode => IsNode && Index == Specification.Nodes!.MainNode;

    /// <summary>Returns true if its tasks have a network interface, whose address is used: nodes, and tasks on Fargate.</summary>
    public bool HasAddress => IsNode || IsOnFargate;

    public bool IsOnFargate => Specification.PlatformCapabilities.Contains(Wire.PlatformCapability.Fargate);

    /// <summary>Work of the job, a child or a node.</summary>
    public JobWork Work => WorkKinds.Of(Specification) is var work && IsNode ? ((NodesWork)work).Of(Index!.Value) : work;

    /// <summary>Priority within a share identifier; a higher one comes first.</summary>
    public int SchedulingPriority => Service?.SchedulingPriority ?? Specification.SchedulingPriority ?? 0;

    /// <summary>Returns true if its attempt is being stopped to make room for another job.</summary>
    public bool IsBeingPreempted => Service?.Preemptions?.UnderWay is not null;

    /// <summary>Amounts that the job holds while it is placed. A multi-node parallel job holds them for all its nodes.</summary>
    public ResourceAmounts Needs => IsNode ? Work.Needs : Specification.Needs;

    /// <summary>
    /// Returns true if it holds its units of consumable resources. A job that waits to be tried again does not: it might wait for a job
    /// that waits for its units.
    /// </summary>
    public bool HoldsUnits => !IsNode && Status.IsPlaced();

    /// <summary>Key of the attempt in progress; null if there is none.</summary>
    public AttemptKey? CurrentKey => Current is { } current ? new(Id, current.Number) : null;
}

/// <summary>Placement of an attempt and the names that it shows. That of a multi-node parallel job is its main node's.</summary>
public sealed record CurrentAttempt
{
    /// <summary>Counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>ARN of the compute environment, or of a service job's service environment.</summary>
    public required string ComputeEnvironmentArn { get; init; }

    /// <summary>ARN of the task, or of a service job's training job.</summary>
    public required string TaskArn { get; init; }

    /// <summary>ARN of the container instance; absent on Fargate and for service jobs.</summary>
    public string? ContainerInstanceArn { get; init; }

    /// <summary>ARNs of the container instances of a multi-node parallel job's nodes, by index; null for any other attempt.</summary>
    public IReadOnlyList<string>? NodeInstances { get; init; }

    /// <summary>Time at which a Spot task of Fargate is interrupted; null if it is not known to be.</summary>
    public DateTimeOffset? InterruptedAt { get; init; }

    public string LogStreamName { get; init; } = "";

    /// <summary>Place in the order of all placements.</summary>
    public long Placement { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>IPv4 address of a task with a network interface: invented when it is placed, the executor's once it runs.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>Address of the main node, for the other nodes.</summary>
    public string? MainNodeAddress { get; init; }

    /// <summary>ARNs of all container instances on which the attempt holds something.</summary>
    internal IReadOnlyList<string> InstancesHeld => NodeInstances ?? (ContainerInstanceArn is { } arn ? [arn] : []);

    public string TaskId => TaskArn[(TaskArn.LastIndexOf('/') + 1)..];
}

/// <summary>A finished attempt.</summary>
public sealed record Attempt
{
    public required string TaskArn { get; init; }

    public string? ContainerInstanceArn { get; init; }

    /// <summary>Name of the log stream, which exists only if the container was started.</summary>
    public string? LogStreamName { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset StoppedAt { get; init; }

    public required string StatusReason { get; init; }

    public string? PrivateAddress { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Outcome of each container of a multi-container job.</summary>
    public IReadOnlyList<ContainerOutcome>? Containers { get; init; }

    /// <summary>The container's reason, e.g. <c>CannotPullContainerError: ...</c>.</summary>
    public string? Reason { get; init; }
}

/// <summary>Outcome of one container of a multi-container job.</summary>
public sealed record ContainerOutcome(string Name, int? ExitCode, string? Reason, string? LogStreamName);
