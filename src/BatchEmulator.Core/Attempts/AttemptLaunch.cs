using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Attempts;

/// <summary>All data that an executor needs to run one attempt: the equivalent of a task of ECS.</summary>
public sealed record AttemptLaunch
{
    public required AttemptKey Key { get; init; }

    public required Scope Scope { get; init; }

    public required string JobName { get; init; }

    /// <summary>Name, not ARN.</summary>
    public required string JobQueue { get; init; }

    /// <summary>Name and revision, <c>name:3</c>; a service job has none.</summary>
    public string? JobDefinition { get; init; }

    /// <summary>Index of an array child or a node.</summary>
    public int? Index { get; init; }

    /// <summary>Returns true if the attempt's address is used; otherwise the executor need not determine it.</summary>
    public bool HasAddress { get; init; }

    /// <summary>
    /// Set for a node of a multi-node parallel job: the job and its attempt, whose nodes reach each other by their addresses on a network
    /// that they share with nobody else.
    /// </summary>
    public AttemptKey? Network { get; init; }

    /// <summary>Amounts that the job asks for; a multi-node parallel job asks for all its nodes together.</summary>
    public ResourceAmounts Needs { get; init; }

    /// <summary>Work of the attempt as the user specified it.</summary>
    public IWork? Work { get; init; }

    /// <summary>Containers of the work: at least one.</summary>
    public required IReadOnlyList<ContainerLaunch> Containers { get; init; }
}

/// <summary>One container of an attempt.</summary>
public sealed record ContainerLaunch
{
    /// <summary>Unique within the attempt. The only container of a single-container job is called <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The attempt ends when an essential container ends.</summary>
    public bool Essential { get; init; } = true;

    /// <summary>Conditions on other containers of the attempt, which must hold before this one starts; never a cycle.</summary>
    public IReadOnlyList<ContainerDependency> DependsOn { get; init; } = [];

    public required string Image { get; init; }

    /// <summary>Replaces the image's ENTRYPOINT; null leaves it.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>Becomes the image's CMD; empty leaves the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The job's environment together with the <c>AWS_BATCH_*</c> variables, each name once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required double Vcpus { get; init; }

    /// <summary>Hard limit in MiB; null for none.</summary>
    public required int? MemoryMiB { get; init; }

    /// <summary>The remaining container properties of the user: user, ulimits, volumes, Linux parameters ...</summary>
    public required Wire.ContainerProperties Properties { get; init; }

    public required LogDestination Log { get; init; }
}

/// <summary>Destination of a container's output in CloudWatch Logs.</summary>
public sealed record LogDestination(string Group, string Stream);

/// <summary>A container starts after another one of its attempt.</summary>
/// <param name="Container">Name of the other container.</param>
/// <param name="Condition">Condition on the other container.</param>
public sealed record ContainerDependency(string Container, ContainerCondition Condition);

/// <summary>Condition that a container waits for (API Reference, TaskContainerDependency).</summary>
public enum ContainerCondition
{
    /// <summary>The other container runs.</summary>
    Start,

    /// <summary>The other container has ended, with any exit code.</summary>
    Complete,

    /// <summary>The other container has ended with exit code 0; if it ends otherwise, this one never starts and the attempt ends.</summary>
    Success,
}
