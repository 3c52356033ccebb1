using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Server.Tests.Executors;

/// <summary>Fails at the start of one attempt's containers; forwards all other reports to another observer.</summary>
internal sealed class BreakingObserver(IAttemptObserver inner, AttemptKey broken) : IAttemptObserver
{
    /// <summary>True to fail at the attempt's end, too.</summary>
    public bool BreaksAtEnds { get; init; }

    public ValueTask ContainerStartedAsync(AttemptKey key, string container) =>
        key == broken ? throw new InvalidOperationException("broken") : inner.ContainerStartedAsync(key, container);

    public ValueTask StartedAsync(AttemptKey key, string? privateAddress) => inner.StartedAsync(key, privateAddress);

    public ValueTask OutputAsync(AttemptKey key, string container, DateTimeOffset at, string line) =>
        inner.OutputAsync(key, container, at, line);

    public ValueTask ExitedAsync(AttemptKey key, AttemptEnd end) =>
        BreaksAtEnds && key == broken ? throw new InvalidOperationException("broken") : inner.ExitedAsync(key, end);

    public ValueTask<bool> StoredAsync() => inner.StoredAsync();
}
