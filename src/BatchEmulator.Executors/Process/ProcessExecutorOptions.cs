using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

internal sealed record ProcessExecutorOptions
{
    /// <summary>
    /// Holds a folder for each running attempt. Belongs to one executor alone: anything else in it at the start is removed.
    /// </summary>
    public required string Root { get; init; }

    /// <summary>Time from SIGTERM to SIGKILL.</summary>
    public TimeSpan StopGrace { get; init; } = AttemptEnding.StopGrace;
}
