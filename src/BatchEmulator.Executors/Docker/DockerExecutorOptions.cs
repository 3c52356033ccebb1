using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Docker;

internal sealed record DockerExecutorOptions
{
    /// <summary>Distinguishes the containers of this emulator from those of any other on the same engine; stable across restarts.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Ends running containers with the executor; otherwise they continue, and the next start takes them over.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Time from SIGTERM to SIGKILL, in whole seconds.</summary>
    public TimeSpan StopGrace { get; init; } = AttemptEnding.StopGrace;

    /// <summary>The time limits of the ECS agent.</summary>
    public TimeSpan CreatePatience { get; init; } = TimeSpan.FromMinutes(4);

    /// <inheritdoc cref="CreatePatience"/>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <inheritdoc cref="CreatePatience"/>
    public TimeSpan InspectPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Pauses before each further attempt to reach an engine that went away while containers ran: about two minutes in all, which is longer
    /// than a restart of the engine takes.
    /// </summary>
    public IReadOnlyList<TimeSpan> ReconnectPauses { get; init; } =
        [.. new[] { 0.2, 0.5, 1, 2, 5, 10, 15, 15, 15, 15, 15, 30 }.Select(TimeSpan.FromSeconds)];
}
