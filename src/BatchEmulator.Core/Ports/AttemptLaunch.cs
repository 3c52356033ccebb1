using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Ports;

/// <summary>Everything an executor needs in order to run one attempt: what ECS calls a task.</summary>
public sealed record AttemptLaunch
{
    public required AttemptKey Key { get; init; }

    public required Scope Scope { get; init; }

    public required string JobName { get; init; }

    /// <summary>Name, not ARN.</summary>
    public required string JobQueue { get; init; }

    /// <summary>Name and revision, <c>name:3</c>.</summary>
    public required string JobDefinition { get; init; }

    /// <summary>Index of an array child or a node.</summary>
    public int? Index { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ContainerLaunch> Containers { get; init; }
}

/// <summary>One container of an attempt.</summary>
public sealed record ContainerLaunch
{
    /// <summary>Unique within the attempt. The only container of a single-container job is called <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The attempt ends when an essential container ends.</summary>
    public bool Essential { get; init; } = true;

    public required string Image { get; init; }

    /// <summary>Replaces the image's ENTRYPOINT; null leaves it.</summary>
    public IReadOnlyList<string>? EntryPoint { get; init; }

    /// <summary>Becomes the image's CMD; empty leaves the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The job's environment together with the <c>AWS_BATCH_*</c> variables, each name once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required double Vcpus { get; init; }

    /// <summary>Hard limit in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>The remaining container properties as the user wrote them: user, ulimits, volumes, Linux parameters ...</summary>
    public required Wire.ContainerProperties Properties { get; init; }

    public required LogDestination Log { get; init; }
}

/// <summary>Where the output of a container goes in CloudWatch Logs.</summary>
public sealed record LogDestination(string Group, string Stream);
