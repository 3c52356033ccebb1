using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>A simulated attempt. Belongs to the executor's loop.</summary>
/// <param name="launch">The attempt.</param>
/// <param name="acceptedAt">Time at which the executor was asked to start it, or took it over.</param>
/// <param name="startedAt">Time at which it began to run, if that was under an earlier server.</param>
internal sealed class SimulatedRun(AttemptLaunch launch, DateTimeOffset acceptedAt, DateTimeOffset? startedAt)
{
    private const int Sigterm = 128 + 15;

    private DateTimeOffset? _startedAt = startedAt;

    public AttemptLaunch Launch => launch;

    public SimulatedPhase Phase { get; set; }

    public SimulatedOutcome Outcome { get; set; } = SimulatedOutcome.Default;

    /// <summary>Generation of the rules that determined its outcome.</summary>
    public long Generation { get; set; }

    public bool HasBegun => _startedAt is not null;

    /// <summary>Reason for which it does not start; null if it does.</summary>
    public string? StartFailure => HasBegun ? null : Outcome.Problem ?? Outcome.FailToStart;

    public bool IsHeld => Outcome.Problem is null && Outcome.Hold == (HasBegun ? SimulatedHold.Running : SimulatedHold.Starting)
        && Phase == (HasBegun ? SimulatedPhase.Running : SimulatedPhase.Waiting);

    /// <summary>Time at which its next step is due.</summary>
    public DateTimeOffset DueAt => Phase == SimulatedPhase.Running ? After(_startedAt!.Value, Outcome.RunFor)
        : HasBegun || Outcome.Problem is not null ? acceptedAt
        : After(acceptedAt, Outcome.StartAfter);

    public void Begin(DateTimeOffset now)
    {
        Phase = SimulatedPhase.Running;
        _startedAt ??= now;
    }

    /// <summary>Returns its end if it is stopped now.</summary>
    public AttemptEnd Stopped() => Phase == SimulatedPhase.Waiting ? AttemptEnding.NeverRan(launch) : Exited(Sigterm, null);

    /// <summary>Returns its end after its full time.</summary>
    public AttemptEnd Ended() => Outcome.HostLost ? new AttemptHostLost() : Exited(Outcome.ExitCode, Outcome.Reason);

    /// <summary>Returns the end: containers that others wait for have succeeded, so that those could run.</summary>
    private AttemptExited Exited(int exitCode, string? reason) =>
        new([.. launch.Containers.Select(container => ContainerSequence.EndsBeforeOthers(launch, container)
            ? new ContainerEnd(container.Name, ExitCode: 0)
            : new ContainerEnd(container.Name, exitCode, reason))]);

    private static DateTimeOffset After(DateTimeOffset since, TimeSpan span) =>
        span < DateTimeOffset.MaxValue - since ? since + span : DateTimeOffset.MaxValue;
}

internal enum SimulatedPhase
{
    Waiting,
    Running,
    Ended,
}
