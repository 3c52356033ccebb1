using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Executors.Secrets;

/// <summary>
/// Adds secrets to the environment of containers before another executor starts them, as the ECS agent does (User Guide, "Specify sensitive
/// data"). An attempt whose secrets are unavailable does not start.
/// </summary>
internal sealed partial class SecretInjection(
    IJobExecutor inner, IAttemptObserver observer, SecretStore store, ILogger logger) : IJobExecutor
{
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, CancellationTokenSource> _fetching = [];
    private bool _ending;

    public string Name => inner.Name;

    public void Start(AttemptLaunch launch)
    {
        if (!launch.Containers.Any(HasSecrets))
        {
            inner.Start(launch);
            return;
        }

        var stopped = new CancellationTokenSource();
        lock (_gate)
        {
            if (_ending || !_fetching.TryAdd(launch.Key, stopped))
            {
                stopped.Dispose();
                return;
            }
        }

        _ = Task.Run(() => StartAsync(launch, stopped));
    }

    public void Stop(AttemptKey key)
    {
        lock (_gate)
        {
            if (_fetching.TryGetValue(key, out var fetching))
            {
                _ = fetching.CancelAsync();
                return;
            }
        }

        inner.Stop(key);
    }

    /// <summary>
    /// Takes over attempts: running ones have their secrets, and <see cref="Start"/> starts the others. Secrets are requested again only if
    /// a container may still start after others, and with a short limit: the server does not answer before.
    /// </summary>
    public async Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(RecoveryPatience);
        return await inner.RecoverAsync(
            await Task.WhenAll(expected.Select(attempt => WithSecretsAgainAsync(attempt, patience.Token))), cancellationToken);
    }

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => inner.CheckAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            // The next start of the server starts those that have not started.
            _ending = true;
            foreach (var fetching in _fetching.Values)
            {
                _ = fetching.CancelAsync();
            }
        }

        await inner.DisposeAsync();
        store.Dispose();
    }

    private static bool HasSecrets(ContainerLaunch container) => container.Properties.Secrets is { Count: > 0 };

    private async Task StartAsync(AttemptLaunch launch, CancellationTokenSource stopped)
    {
        AttemptEnd end;
        try
        {
            var complete = await WithSecretsAsync(launch, stopped.Token);
            lock (_gate)
            {
                stopped.Token.ThrowIfCancellationRequested();
                _fetching.Remove(launch.Key);
                inner.Start(complete);
            }

            stopped.Dispose();
            return;
        }
        catch (OperationCanceledException)
        {
            end = AttemptEnding.NeverRan(launch);
        }
        catch (Exception exception)
        {
            // The attempt must end, whatever the failure.
            end = new AttemptNotStarted(StatusReasons.ResourceInitialization(exception.Message));
        }

        bool isEnding;
        lock (_gate)
        {
            _fetching.Remove(launch.Key);
            isEnding = _ending;
        }

        stopped.Dispose();
        if (!isEnding)
        {
            await observer.ExitedAsync(launch.Key, end);
        }
    }

    private async Task<RecoverableAttempt> WithSecretsAgainAsync(RecoverableAttempt attempt, CancellationToken cancellationToken)
    {
        if (!attempt.Launch.Containers.Any(container => HasSecrets(container) && container.DependsOn.Count > 0))
        {
            return attempt;
        }

        try
        {
            return attempt with { Launch = await WithSecretsAsync(attempt.Launch, cancellationToken) };
        }
        catch (Exception exception)
        {
            WithoutSecrets(attempt.Launch.Key, exception.Message);
            return attempt;
        }
    }

    private async Task<AttemptLaunch> WithSecretsAsync(AttemptLaunch launch, CancellationToken cancellationToken)
    {
        var containers = new List<ContainerLaunch>(launch.Containers.Count);
        foreach (var container in launch.Containers)
        {
            var variables = container.Environment.ToDictionary(StringComparer.Ordinal);
            foreach (var secret in container.Properties.Secrets ?? [])
            {
                variables[secret.Name!] = await store.GetAsync(launch.Scope, secret.ValueFrom!, cancellationToken);
            }

            containers.Add(HasSecrets(container) ? container with { Environment = [.. variables] } : container);
        }

        return launch with { Containers = containers };
    }

    [LoggerMessage(LogLevel.Warning, "If attempt {Key} continues, its containers that start later lack their secrets: {Reason}")]
    private partial void WithoutSecrets(AttemptKey key, string reason);
}
