namespace BatchEmulator.Core.Attempts;

/// <summary>Rules about the end of an attempt that all executors share.</summary>
public static class AttemptEnding
{
    /// <summary>Time from SIGTERM to SIGKILL, as documented for a job's timeout and termination.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    /// <summary>Returns the end of an attempt of which one container could not be started.</summary>
    public static AttemptNotStarted NotStarted(
        AttemptNotStarted failure, ContainerLaunch failed, IReadOnlyList<ContainerEnd> ends) => failure with
        {
            Containers =
                [.. ends.Select(end => end.Name == failed.Name ? new ContainerEnd(end.Name, failure.ExitCode, failure.Reason) : end)],
        };

    /// <summary>Returns the end of an attempt that was stopped before any of its containers ran: none has an exit code.</summary>
    public static AttemptExited NeverRan(AttemptLaunch launch) =>
        new([.. launch.Containers.Select(container => new ContainerEnd(container.Name, ExitCode: null))]);
}
