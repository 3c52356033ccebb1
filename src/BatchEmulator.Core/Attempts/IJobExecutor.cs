namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Runs attempts. Every method may be called from any thread, returns at once and throws nothing that an attempt causes: what happens is
/// told to the <see cref="IAttemptObserver"/>, in this order for one attempt: at most one Started, exactly one Exited, and any Output
/// before that. ContainerStarted comes before Started for a container that Started counts, and before any Output of the container.
/// </summary>
public interface IJobExecutor : IAsyncDisposable
{
    /// <summary>The name by which <c>--executor</c> selects it.</summary>
    string Name { get; }

    /// <summary>Begins an attempt. Starting a key that is already there changes nothing.</summary>
    void Start(AttemptLaunch launch);

    /// <summary>
    /// Asks an attempt to end: SIGTERM, 30 seconds of grace, SIGKILL. Its Exited follows, also when it had not started yet. A key that is
    /// not there is ignored.
    /// </summary>
    void Stop(AttemptKey key);

    /// <summary>
    /// Called once, before the first Start: takes up again those of <paramref name="expected"/> that still exist (their Started and Exited
    /// follow, also when they ended in the meantime) and removes everything else that this emulator left behind.
    /// </summary>
    /// <returns>The keys that were taken up again.</returns>
    Task<IReadOnlySet<AttemptKey>> RecoverAsync(IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken);

    /// <summary>Number of attempts that were started and wait until the executor has room for them.</summary>
    int Waiting => 0;

    /// <summary>Finds out what keeps the executor from running attempts.</summary>
    /// <param name="cancellationToken">Ends the check: whoever has to be asked may not answer.</param>
    /// <returns>A sentence; null if nothing does.</returns>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}

/// <summary>An attempt that was under way when the server ended.</summary>
/// <param name="Launch">As it was given to Start.</param>
/// <param name="StartedAt">When its Started was recorded; null if it was still starting.</param>
public sealed record RecoverableAttempt(AttemptLaunch Launch, DateTimeOffset? StartedAt);

/// <summary>Is told what happens to attempts. A returned task that is not complete holds the caller back: the receiver is busy.</summary>
public interface IAttemptObserver
{
    /// <summary>
    /// A container has started. Never called for a container that could not be started; called again when an attempt is taken up after a
    /// restart of the server.
    /// </summary>
    ValueTask ContainerStartedAsync(AttemptKey key, string container);

    /// <summary>
    /// All essential containers have been started, or all where none is. Those that they wait for run before, and what they write is told
    /// as they write it; an attempt that ends earlier is never told to have started (User Guide, "Job states": STARTING).
    /// </summary>
    /// <param name="key">The attempt.</param>
    /// <param name="privateAddress">The attempt's IPv4 address as other attempts reach it, if it has one.</param>
    ValueTask StartedAsync(AttemptKey key, string? privateAddress);

    /// <summary>A line that a container wrote to standard output or standard error, without its line end.</summary>
    ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line);

    /// <summary>The attempt has ended and nothing of it runs any more; all its output was told before.</summary>
    ValueTask ExitedAsync(AttemptKey key, AttemptEnd end);

    /// <summary>
    /// Completes when everything that was told is on disk. Only then may an executor destroy what tells how an attempt ended: a server that
    /// is killed in between asks for it again.
    /// </summary>
    /// <returns>False if the server ends before that.</returns>
    ValueTask<bool> StoredAsync();
}
