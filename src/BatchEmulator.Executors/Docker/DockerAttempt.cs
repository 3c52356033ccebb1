using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>One attempt from the creation of its containers to their removal.</summary>
internal sealed class DockerAttempt : IDisposable
{
    private readonly DockerSession _session;
    private readonly AttemptLaunch _launch;
    private readonly Action<AttemptKey> _ended;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ContainerSequence _sequence;
    private readonly ContainerStart _start;
    private readonly List<(ContainerWatch Watch, Task<ContainerEnd> Ended)> _watches = [];
    private readonly List<(ContainerLaunch Container, string Id)> _started = [];
    private bool _isTold;

    public DockerAttempt(DockerSession session, AttemptLaunch launch, Action<AttemptKey> ended)
    {
        _session = session;
        _launch = launch;
        _ended = ended;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        _sequence = new ContainerSequence(launch);
        _start = new ContainerStart(session, launch, _sequence, _stop.Token);
    }

    /// <summary>Completes when the attempt's Exited was reported, or the executor was disposed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => _launch.Key;

    public void Dispose() => _stop.Dispose();

    /// <summary>Registers the attempt as a user of its network; called before <see cref="Begin"/> or <see cref="Continue"/>.</summary>
    public void Join() => _session.Networks.Join(_launch);

    /// <param name="created">
    /// Ids of containers that an earlier server created; they are started if their names match, and removed at the end.
    /// </param>
    public void Begin(IEnumerable<string> created)
    {
        _start.TakeUp(new Dictionary<string, string>(StringComparer.Ordinal), created);
        Completion = Task.Run(() => RunAsync(() => Task.CompletedTask));
    }

    /// <summary>Continues with containers that an earlier server started.</summary>
    /// <param name="ids">Ids of the containers that have run, by their names in the launch.</param>
    /// <param name="all">Ids of all containers that exist.</param>
    /// <param name="linesStored">Returns the number of lines that need not be reported again.</param>
    public void Continue(IReadOnlyDictionary<string, string> ids, IEnumerable<string> all, LinesStored linesStored)
    {
        _start.TakeUp(ids, all);
        Completion = Task.Run(() => RunAsync(() => ReattachAsync(ids, linesStored)));
    }

    public void Stop()
    {
        if (!_stopRequested.TrySetResult())
        {
            return;
        }

        try
        {
            // Ends the wait for a turn and for a pull; a call that creates or starts a container may finish, so that nothing leaks.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private async Task RunAsync(Func<Task> prepare)
    {
        try
        {
            var end = await EndOfAsync(prepare);
            await _session.Observer.ExitedAsync(Key, end);
            // A server that is killed before the end is stored finds the container again and reads its end from it.
            if (await _session.Observer.StoredAsync().AsTask().WaitAsync(_session.Ending))
            {
                await RemoveAllAsync();
            }
        }
        catch (OperationCanceledException) when (_session.Ending.IsCancellationRequested)
        {
            // The server ends; the containers continue without it.
        }
        catch (Exception exception)
        {
            _session.Logger.AttemptBroke(Key, exception);
        }

        _ended(Key);
    }

    private async Task<AttemptEnd> EndOfAsync(Func<Task> prepare)
    {
        try
        {
            AttemptNotStarted? failure = null;
            try
            {
                await prepare();
                await _sequence.RunAsync(StartAsync, _stopRequested.Task);
            }
            catch (ContainerNotStartedException exception)
            {
                failure = exception.End;
            }
            catch (OperationCanceledException) when (_stopRequested.Task.IsCompleted && !_session.Ending.IsCancellationRequested)
            {
                // Running containers are stopped below.
            }

            _session.Ending.ThrowIfCancellationRequested();
            await Task.WhenAll(_watches.Where(one => !one.Ended.IsCompleted).Select(StopOneAsync));
            var ends = await _sequence.EndsAsync();
            return failure is null ? new AttemptExited(ends) : AttemptEnding.NotStarted(failure, _start.Latest, ends);
        }
        catch (Exception exception) when (exception is DockerUnreachableException or DockerRefusedException)
        {
            _session.Logger.EngineWentAway(Key, _launch.Containers[0].Name, exception.Message);
            return new AttemptHostLost();
        }
        catch (Exception exception) when (!_session.Ending.IsCancellationRequested)
        {
            // The attempt must end, whatever the failure.
            _session.Logger.AttemptBroke(Key, exception);
            return new AttemptHostLost();
        }
    }

    private async Task<bool> StartAsync(IReadOnlyList<ContainerLaunch> containers)
    {
        try
        {
            return await _start.RunAsync(containers);
        }
        finally
        {
            // Also after a partial start: running containers are followed to their end, and all are removed.
            foreach (var (container, _) in _start.Started)
            {
                await _session.Observer.ContainerStartedAsync(Key, container.Name);
            }

            await TellStartedAsync(_start.Started);
            foreach (var (container, id) in _start.Started)
            {
                Watch(container, id, linesStored: 0);
            }
        }
    }

    private async Task ReattachAsync(IReadOnlyDictionary<string, string> ids, LinesStored linesStored)
    {
        var haveRun = ContainerSequence.Order(_launch).Where(container => ids.ContainsKey(container.Name)).ToList();
        foreach (var container in haveRun)
        {
            await _session.Observer.ContainerStartedAsync(Key, container.Name);
        }

        await TellStartedAsync([.. haveRun.Select(container => (container, ids[container.Name]))]);
        foreach (var container in haveRun)
        {
            Watch(container, ids[container.Name], await linesStored(_launch, container));
        }
    }

    private void Watch(ContainerLaunch container, string id, long linesStored)
    {
        var watch = new ContainerWatch(_session, Key, container.Name, id, linesStored);
        var ended = watch.RunAsync();
        _watches.Add((watch, ended));
        _sequence.Add(container, ended);
    }

    /// <summary>Reports the start of the attempt once, with the address of the network that most of its containers share.</summary>
    private async Task TellStartedAsync(IReadOnlyList<(ContainerLaunch Container, string Id)> started)
    {
        _started.AddRange(started);
        if (_isTold || !ContainerSequence.IsStarted(_launch, _started.Select(one => one.Container.Name).ToHashSet(StringComparer.Ordinal)))
        {
            return;
        }

        _isTold = true;
        string? address = null;
        foreach (var (_, id) in _started.OrderBy(one => ContainerSequence.EndsBeforeOthers(_launch, one.Container)))
        {
            address ??= _launch.HasAddress ? await AddressAsync(id) : null;
        }

        // The engine forgets the address of a container that has ended; the attempt had an interface all the same.
        await _session.Observer.StartedAsync(Key, address ?? NodeAddress.Simulated(_launch));
    }

    /// <returns>The address; null for a container that joined another's network, and for one that has ended.</returns>
    private async Task<string?> AddressAsync(string id)
    {
        try
        {
            var inspected = await _session.SoonAsync(token => _session.Engine.InspectAsync(id, token));
            var addresses = inspected.NetworkSettings?.Networks?.Values.Select(network => network.IPAddress);
            return addresses?.FirstOrDefault(address => !string.IsNullOrEmpty(address));
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            // It did start; the watch finds out if it still runs.
            return null;
        }
    }

    private async Task StopOneAsync((ContainerWatch Watch, Task<ContainerEnd> Ended) one)
    {
        try
        {
            // The engine answers when the container has ended; the watch notices too, also if the engine no longer answers.
            using var calls = CancellationTokenSource.CreateLinkedTokenSource(_session.Ending);
            var stopping = _session.Engine.StopAsync(one.Watch.Id, _session.Options.StopGrace, calls.Token);
            await Task.WhenAny(stopping, one.Ended);
            if (stopping.IsCompleted)
            {
                await stopping;
            }
        }
        catch (DockerRefusedException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // It is gone already.
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            _session.Logger.NotStopped(Key, one.Watch.Name, exception.Message);
            await KillAsync(one.Watch.Id);
        }
    }

    private async Task KillAsync(string id)
    {
        try
        {
            await _session.SoonAsync(token => _session.Engine.KillAsync(id, token));
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            // The watch determines the outcome.
        }
    }

    private async Task RemoveAllAsync()
    {
        foreach (var name in _start.Names)
        {
            await _session.RemoveAsync(name);
        }

        await _session.Networks.LeaveAsync(_launch);
        foreach (var volume in ContainerRequest.AttemptVolumes(_session.Options.InstanceId, _launch))
        {
            await _session.RemoveVolumeAsync(volume);
        }
    }
}
