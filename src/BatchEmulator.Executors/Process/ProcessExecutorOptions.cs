using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

internal sealed record ProcessExecutorOptions
{
    /// <summary>Holds a folder for each attempt that runs. Belongs to one executor alone: what it finds there at the start goes.</summary>
    public required string Root { get; init; }

    /// <summary>From SIGTERM to SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = AttemptEnding.StopGrace;
}
