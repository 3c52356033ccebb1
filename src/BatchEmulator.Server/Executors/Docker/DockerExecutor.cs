using System.Collections.Concurrent;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Docker;

/// <summary>Runs attempts as containers of a Docker engine, as ECS would.</summary>
internal sealed class DockerExecutor : IJobExecutor
{
    /// <summary>What an ephemeral server's containers get at its end: nobody waits half a minute for Ctrl-C.</summary>
    private static readonly TimeSpan EphemeralGrace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<AttemptKey, DockerAttempt> attempts = new();
    private readonly CancellationTokenSource ending = new();
    private readonly DockerSession session;
    private readonly LinesStored linesStored;
    private int disposed;

    /// <param name="observer">Is told what happens.</param>
    /// <param name="client">Belongs to the executor from now on.</param>
    /// <param name="options">Settings.</param>
    /// <param name="linesStored">Asked for attempts that are taken up again.</param>
    /// <param name="logger">Where trouble with the engine goes.</param>
    public DockerExecutor(
        IAttemptObserver observer, DockerClient client, DockerExecutorOptions options, LinesStored linesStored, ILogger<DockerExecutor> logger)
    {
        this.linesStored = linesStored;
        session = new DockerSession(observer, client, options, logger, ending.Token);
    }

    public string Name => "docker";

    public bool UsesHost => true;

    public void Start(AttemptLaunch launch) => Add(launch, attempt => attempt.Begin());

    public void Stop(AttemptKey key)
    {
        if (attempts.TryGetValue(key, out var attempt))
        {
            attempt.Stop();
        }
    }

    /// <exception cref="DockerUnreachableException">There is no engine to ask.</exception>
    /// <exception cref="DockerRefusedException">The engine does not list its containers.</exception>
    public async Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        var instance = session.Options.InstanceId;
        var left = (await session.Client.ListAsync(DockerNames.Instance, instance, cancellationToken))
            .ToLookup(container => DockerNames.KeyOf(container.Labels));
        var takenUp = new HashSet<AttemptKey>();
        foreach (var launch in expected.Select(attempt => attempt.Launch))
        {
            if (StartedIds(launch, left[launch.Key]) is { } ids)
            {
                takenUp.Add(launch.Key);
                Add(launch, attempt => attempt.Continue(ids, linesStored));
            }
        }

        var surplus = left.Where(group => group.Key is not { } key || !takenUp.Contains(key)).SelectMany(group => group).ToList();
        await Task.WhenAll(surplus.Select(container => session.RemoveAsync(container.Id)));
        foreach (var volume in await session.Client.ListVolumesAsync(DockerNames.Instance, instance, cancellationToken))
        {
            if (DockerNames.KeyOf(volume.Labels) is not { } key || !takenUp.Contains(key))
            {
                await session.RemoveVolumeAsync(volume.Name);
            }
        }

        session.Logger.Recovered(takenUp.Count, surplus.Count);
        return takenUp;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await ending.CancelAsync();
        await Task.WhenAll(attempts.Values.Select(attempt => attempt.Completion));
        if (session.Options.Ephemeral)
        {
            await EndEverythingAsync();
        }

        session.Client.Dispose();
        session.Dispose();
        ending.Dispose();
    }

    private void Add(AttemptLaunch launch, Action<DockerAttempt> begin)
    {
        if (ending.IsCancellationRequested)
        {
            return;
        }

        var attempt = new DockerAttempt(session, launch, Forget);
        if (!attempts.TryAdd(launch.Key, attempt))
        {
            attempt.Dispose();
            return;
        }

        begin(attempt);
    }

    private void Forget(AttemptKey key)
    {
        if (attempts.TryRemove(key, out var attempt))
        {
            attempt.Dispose();
        }
    }

    /// <returns>
    /// The ids by the names of the launch's containers, if all of them were started. A start that was cut short is begun anew.
    /// </returns>
    private static Dictionary<string, string>? StartedIds(AttemptLaunch launch, IEnumerable<ListedContainer> containers)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in containers.Where(container => ContainerState.HasRun(container.State)))
        {
            ids[container.Labels!.GetValueOrDefault(DockerNames.Container, "")] = container.Id;
        }

        return launch.Containers.All(container => ids.ContainsKey(container.Name)) ? ids : null;
    }

    private async Task EndEverythingAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var left = await session.Client.ListAsync(DockerNames.Instance, session.Options.InstanceId, patience.Token);
            await Parallel.ForEachAsync(left, patience.Token, async (container, token) =>
            {
                if (container.State == "running")
                {
                    await session.Client.StopAsync(container.Id, EphemeralGrace, token);
                }

                await session.Client.RemoveAsync(container.Id, token);
            });
            foreach (var volume in await session.Client.ListVolumesAsync(DockerNames.Instance, session.Options.InstanceId, patience.Token))
            {
                await session.Client.RemoveVolumeAsync(volume.Name, patience.Token);
            }
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException or OperationCanceledException)
        {
            session.Logger.ContainerStays(session.Options.InstanceId, exception.Message);
        }
    }
}
