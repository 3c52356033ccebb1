namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Runs attempts. Every method may be called from any thread, returns at once and throws no exception that an attempt causes: events are
/// reported to the <see cref="IAttemptObserver"/>, in this order for one attempt: at most one Started, exactly one Exited, and any Output
/// before that. ContainerStarted comes before Started for a container that Started counts, and before any Output of the container.
/// </summary>
public interface IJobExecutor : IAsyncDisposable
{
    /// <summary>Name by which <c>--executor</c> selects it.</summary>
    string Name { get; }

    /// <summary>Begins an attempt. A key that has been started already is ignored.</summary>
    void Start(AttemptLaunch launch);

    /// <summary>
    /// Asks an attempt to end: SIGTERM, 30 seconds of grace, SIGKILL. Its Exited follows, also if it had not started yet. An unknown key is
    /// ignored.
    /// </summary>
    void Stop(AttemptKey key);

    /// <summary>
    /// Called once, before the first Start: takes over those of <paramref name="expected"/> that still exist (their Started and Exited
    /// follow, also if they ended in the meantime) and removes everything else that this emulator left behind.
    /// </summary>
    /// <returns>The keys of the attempts that were taken over.</returns>
    Task<IReadOnlySet<AttemptKey>> RecoverAsync(IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken);

    /// <summary>Number of attempts that were started and wait until the executor has room for them.</summary>
    int Waiting => 0;

    /// <summary>Checks for a problem that prevents the executor from running attempts.</summary>
    /// <param name="cancellationToken">Ends the check: the engine may not answer.</param>
    /// <returns>The problem, a sentence; null if there is none.</returns>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}

/// <summary>An attempt that was under way when the server ended.</summary>
/// <param name="Launch">Launch, as passed to Start.</param>
/// <param name="StartedAt">Time of its Started; null if it was still starting.</param>
public sealed record RecoverableAttempt(AttemptLaunch Launch, DateTimeOffset? StartedAt);

/// <summary>Observer of attempts. A returned task that is not complete delays the caller: the observer is busy.</summary>
public interface IAttemptObserver
{
    /// <summary>
    /// A container has started. Never called for a container that could not be started; called again when an attempt is taken over after a
    /// restart of the server.
    /// </summary>
    ValueTask ContainerStartedAsync(AttemptKey key, string container);

    /// <summary>
    /// All essential containers have been started, or all if none is essential. Their dependencies run before, and their output is reported
    /// at once; an attempt that ends earlier is never reported as started (User Guide, "Job states": STARTING).
    /// </summary>
    /// <param name="key">The attempt.</param>
    /// <param name="privateAddress">The attempt's IPv4 address as other attempts reach it, if it has one.</param>
    ValueTask StartedAsync(AttemptKey key, string? privateAddress);

    /// <summary>A line that a container wrote to standard output or standard error, without its line end.</summary>
    ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line);

    /// <summary>The attempt has ended and none of its processes remains; all its output was reported before.</summary>
    ValueTask ExitedAsync(AttemptKey key, AttemptEnd end);

    /// <summary>
    /// Completes when all reports are on disk. Only then may an executor destroy the evidence of an attempt's end: a server that is killed
    /// before asks for it again.
    /// </summary>
    /// <returns>False if the server ends before that.</returns>
    ValueTask<bool> StoredAsync();
}
