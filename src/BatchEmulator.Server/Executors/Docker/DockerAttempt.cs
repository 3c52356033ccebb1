using System.Net;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Docker;

/// <summary>One attempt from the making of its containers to their removal.</summary>
internal sealed class DockerAttempt(DockerSession session, AttemptLaunch launch, Action<AttemptKey> ended) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ContainerLaunch Container, ContainerWatch Watch, Task<ContainerEnd> Ended)> _running = [];

    private IEnumerable<string> _names = [];

    /// <summary>Completes when the attempt's Exited was told, or the executor was disposed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    private AttemptKey Key => launch.Key;

    public void Dispose() => _stop.Dispose();

    public void Begin() => Completion = Task.Run(() => RunAsync(StartAsync));

    /// <summary>Continues with containers that an earlier server started.</summary>
    /// <param name="ids">Their ids by their names in the launch.</param>
    /// <param name="linesStored">What need not be told again.</param>
    public void Continue(IReadOnlyDictionary<string, string> ids, LinesStored linesStored) =>
        Completion = Task.Run(() => RunAsync(() => ReattachAsync(ids, linesStored)));

    public void Stop()
    {
        if (!_stopRequested.TrySetResult())
        {
            return;
        }

        try
        {
            // Ends the waiting for a turn and for a pull; a call that makes or starts a container is let finish, so that nothing leaks.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private async Task RunAsync(Func<Task> start)
    {
        try
        {
            var end = await EndOfAsync(start);
            await session.Observer.ExitedAsync(Key, end);
            // A server that is killed before the end is stored finds the container again and reads from it how it ended.
            if (await session.Observer.StoredAsync().AsTask().WaitAsync(session.Ending))
            {
                await RemoveAllAsync();
            }
        }
        catch (OperationCanceledException) when (session.Ending.IsCancellationRequested)
        {
            // The server ends; the containers go on without it.
        }
        catch (Exception exception)
        {
            session.Logger.AttemptBroke(Key, exception);
        }

        ended(Key);
    }

    private async Task<AttemptEnd> EndOfAsync(Func<Task> start)
    {
        try
        {
            AttemptNotStarted? failure = null;
            try
            {
                await start();
                await AttemptEnding.WhenDueAsync([.. _running.Select(one => (one.Container, (Task)one.Ended))], _stopRequested.Task);
            }
            catch (ContainerNotStartedException exception)
            {
                failure = exception.End;
            }
            catch (OperationCanceledException) when (_stopRequested.Task.IsCompleted && !session.Ending.IsCancellationRequested)
            {
                // What runs already is stopped below.
            }

            session.Ending.ThrowIfCancellationRequested();
            var ends = await StopAllAsync();
            return failure is null ? new AttemptExited(ends) : failure;
        }
        catch (Exception exception) when (exception is DockerUnreachableException or DockerRefusedException)
        {
            session.Logger.EngineWentAway(Key, launch.Containers[0].Name, exception.Message);
            return new AttemptHostLost();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            session.Logger.AttemptBroke(Key, exception);
            return new AttemptHostLost();
        }
    }

    private async Task StartAsync()
    {
        var start = new ContainerStart(session, launch, _stop.Token);
        try
        {
            await start.RunAsync();
        }
        finally
        {
            // Also of a start that failed half-way: what ran is followed to its end, and what was made is removed.
            _names = start.Names;
            foreach (var (container, id) in start.Started)
            {
                await TellStartedAsync(id);
                Watch(container, id, linesStored: 0);
            }
        }
    }

    private async Task ReattachAsync(IReadOnlyDictionary<string, string> ids, LinesStored linesStored)
    {
        _names = ids.Values;
        foreach (var container in ContainerStart.Order(launch))
        {
            var stored = await linesStored(launch, container);
            await TellStartedAsync(ids[container.Name]);
            Watch(container, ids[container.Name], stored);
        }
    }

    private void Watch(ContainerLaunch container, string id, long linesStored)
    {
        var watch = new ContainerWatch(session, Key, container.Name, id, linesStored);
        _running.Add((container, watch, watch.RunAsync()));
    }

    private async Task TellStartedAsync(string id)
    {
        if (_running.Count > 0)
        {
            return;
        }

        string? address = null;
        try
        {
            var inspected = await session.SoonAsync(token => session.Client.InspectAsync(id, token));
            address = inspected.NetworkSettings?.Networks?.Values.Select(network => network.IpAddress).FirstOrDefault(ip => !string.IsNullOrEmpty(ip));
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            // It did start; whether it still runs is for the watch to find out.
        }

        await session.Observer.StartedAsync(Key, address);
    }

    /// <returns>The ends of all containers, in the launch's order; those that never ran have no exit code.</returns>
    private async Task<IReadOnlyList<ContainerEnd>> StopAllAsync()
    {
        await Task.WhenAll(_running.Where(one => !one.Ended.IsCompleted).Select(StopOneAsync));
        var ends = await Task.WhenAll(_running.Select(one => one.Ended));
        return [.. launch.Containers.Select(container =>
            ends.FirstOrDefault(end => end.Name == container.Name) ?? new ContainerEnd(container.Name, ExitCode: null))];
    }

    private async Task StopOneAsync((ContainerLaunch Container, ContainerWatch Watch, Task<ContainerEnd> Ended) one)
    {
        try
        {
            // The engine answers when the container has ended; the watch knows it too, also when the engine does not answer any more.
            using var calls = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
            var stopping = session.Client.StopAsync(one.Watch.Id, session.Options.StopGrace, calls.Token);
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
            session.Logger.NotStopped(Key, one.Container.Name, exception.Message);
            await KillAsync(one.Watch.Id);
        }
    }

    private async Task KillAsync(string id)
    {
        try
        {
            await session.SoonAsync(async token =>
            {
                await session.Client.KillAsync(id, token);
                return true;
            });
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            // The watch finds out what became of it.
        }
    }

    private async Task RemoveAllAsync()
    {
        foreach (var name in _names)
        {
            await session.RemoveAsync(name);
        }

        foreach (var volume in ContainerRequest.AttemptVolumes(session.Options.InstanceId, launch))
        {
            await session.RemoveVolumeAsync(volume);
        }
    }
}
