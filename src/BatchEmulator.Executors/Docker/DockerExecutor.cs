using System.Collections.Concurrent;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker;

/// <summary>Runs attempts as containers of a Docker engine, as ECS would.</summary>
internal sealed class DockerExecutor : IJobExecutor
{
    private readonly ConcurrentDictionary<AttemptKey, DockerAttempt> _attempts = new();

    /// <summary>Ids of containers that an earlier server created for attempts that have not started.</summary>
    private readonly ConcurrentDictionary<AttemptKey, IReadOnlyList<string>> _created = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly DockerSession _session;
    private readonly LinesStored _linesStored;
    private int _disposed;

    /// <param name="observer">Observer of the attempts.</param>
    /// <param name="engine">The engine, which the executor owns from now on.</param>
    /// <param name="options">Settings.</param>
    /// <param name="linesStored">Counts the stored lines of attempts that are taken over.</param>
    /// <param name="logger">Logger.</param>
    public DockerExecutor(
        IAttemptObserver observer,
        DockerEngine engine,
        DockerExecutorOptions options,
        LinesStored linesStored,
        ILogger<DockerExecutor> logger)
    {
        _linesStored = linesStored;
        _session = new DockerSession(observer, engine, options, logger, _ending.Token);
    }

    public string Name => "docker";

    public void Start(AttemptLaunch launch) => Add(
        launch, attempt => attempt.Begin(_created.TryRemove(launch.Key, out var created) ? created : []));

    public void Stop(AttemptKey key)
    {
        if (_attempts.TryGetValue(key, out var attempt))
        {
            attempt.Stop();
        }
    }

    /// <exception cref="DockerUnreachableException">No engine answers.</exception>
    /// <exception cref="DockerRefusedException">The engine does not list its containers.</exception>
    public async Task<IReadOnlySet<AttemptKey>> RecoverAsync(
        IReadOnlyList<RecoverableAttempt> expected, CancellationToken cancellationToken)
    {
        var instance = _session.Options.InstanceId;
        var left = (await _session.Engine.ListAsync(DockerNames.Instance, instance, cancellationToken))
            .ToLookup(container => DockerNames.KeyOf(container.Labels));
        var takenUp = new HashSet<AttemptKey>();
        var kept = new List<AttemptLaunch>();
        foreach (var (launch, startedAt) in expected)
        {
            var ids = IdsOfRun(left[launch.Key]);
            if (ContainerSequence.IsUnderWay(launch, ids.Keys.ToHashSet(StringComparer.Ordinal)))
            {
                takenUp.Add(launch.Key);
                kept.Add(launch);
                Add(launch, attempt => attempt.Continue(ids, left[launch.Key].Select(container => container.ID), _linesStored));
            }
            else if (startedAt is null && ids.Count == 0 && left.Contains(launch.Key))
            {
                // The engine may still be about to start them for the server that ended: if created again, they would run twice.
                kept.Add(launch);
                _created[launch.Key] = [.. left[launch.Key].Select(container => container.ID)];
            }
        }

        var keys = kept.Select(launch => launch.Key).ToHashSet();
        var surplus = left.Where(group => group.Key is not { } key || !keys.Contains(key)).SelectMany(group => group).ToList();
        await Task.WhenAll(surplus.Select(container => _session.RemoveAsync(container.ID)));
        foreach (var volume in await _session.Engine.ListVolumesAsync(DockerNames.Instance, instance, cancellationToken))
        {
            if (DockerNames.KeyOf(volume.Labels) is not { } key || !keys.Contains(key))
            {
                await _session.RemoveVolumeAsync(volume.Name);
            }
        }

        await _session.Networks.RemoveAllButAsync(kept, cancellationToken);
        _session.Logger.Recovered(takenUp.Count, surplus.Count);
        return takenUp;
    }

    public async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _session.Engine.PingAsync(cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is DockerUnreachableException or DockerRefusedException)
        {
            return exception.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _ending.CancelAsync();
        await Task.WhenAll(_attempts.Values.Select(attempt => attempt.Completion));
        if (_session.Options.Ephemeral)
        {
            await EndEverythingAsync();
        }

        _session.Engine.Dispose();
        _session.Dispose();
        _ending.Dispose();
    }

    private void Add(AttemptLaunch launch, Action<DockerAttempt> begin)
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        var attempt = new DockerAttempt(_session, launch, Forget);
        if (!_attempts.TryAdd(launch.Key, attempt))
        {
            attempt.Dispose();
            return;
        }

        attempt.Join();
        begin(attempt);
    }

    private void Forget(AttemptKey key)
    {
        if (_attempts.TryRemove(key, out var attempt))
        {
            attempt.Dispose();
        }
    }

    /// <returns>Containers that were started, by name in the launch.</returns>
    private static Dictionary<string, string> IdsOfRun(IEnumerable<ContainerListResponse> containers)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in containers.Where(container => ContainerStatus.HasRun(container.State)))
        {
            ids[container.Labels.TryGetValue(DockerNames.Container, out var name) ? name : ""] = container.ID;
        }

        return ids;
    }

    private async Task EndEverythingAsync()
    {
        try
        {
            await DockerLeftovers.RemoveAsync(_session.Engine, _session.Options.InstanceId);
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            _session.Logger.ContainerStays(_session.Options.InstanceId, exception.Message);
        }
    }
}
