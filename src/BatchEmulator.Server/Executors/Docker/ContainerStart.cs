using System.Net;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Docker;

/// <summary>A container of an attempt could not be started.</summary>
internal sealed class ContainerNotStartedException(string reason, int? exitCode = null) : Exception(reason)
{
    public AttemptNotStarted End { get; } = new(reason, exitCode);
}

/// <summary>
/// Makes and starts the containers of one attempt, pulling what is missing, and puts what goes wrong into the ECS agent's words.
/// </summary>
internal sealed class ContainerStart(DockerSession session, AttemptLaunch launch, CancellationToken stopped)
{
    private const string FromDaemon = "Error response from daemon: ";

    private static readonly TimeSpan EngineLag = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(ContainerLaunch Container, string Id)> _started = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alreadyStarted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pulled = new(StringComparer.Ordinal);

    /// <summary>Names of the containers that may exist now, whatever else happened.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>The containers that were started, in this order, and their ids.</summary>
    public IReadOnlyList<(ContainerLaunch Container, string Id)> Started => _started;

    /// <summary>
    /// The first essential container goes first: the others share its network, and when it ends they end, whatever their network.
    /// </summary>
    public static IEnumerable<ContainerLaunch> Order(AttemptLaunch launch) =>
        launch.Containers.OrderByDescending(container => container.Essential);

    /// <exception cref="ContainerNotStartedException">It did not work out.</exception>
    /// <exception cref="OperationCanceledException">The attempt was stopped meanwhile.</exception>
    public async Task RunAsync()
    {
        var order = Order(launch).ToList();
        while (await MissingImageAsync(order) is { } image)
        {
            await PullAsync(image);
        }
    }

    /// <returns>The image that has to be pulled first; null when everything runs.</returns>
    private async Task<string?> MissingImageAsync(List<ContainerLaunch> order)
    {
        await session.Starts.WaitAsync(stopped);
        try
        {
            foreach (var container in order.Where(container => !_ids.ContainsKey(container.Name)))
            {
                stopped.ThrowIfCancellationRequested();
                if (!await TryCreateAsync(container, _ids.GetValueOrDefault(order[0].Name)))
                {
                    return container.Image;
                }
            }

            foreach (var container in order)
            {
                stopped.ThrowIfCancellationRequested();
                if (!await TryStartAsync(container, _ids[container.Name]))
                {
                    break;
                }

                _started.Add((container, _ids[container.Name]));
            }

            return null;
        }
        finally
        {
            session.Starts.Release();
        }
    }

    private async Task<bool> TryCreateAsync(ContainerLaunch container, string? networkOf)
    {
        var name = DockerNames.ContainerName(session.Options.InstanceId, launch.Key, container.Name);
        var request = ContainerRequest.Of(session.Options.InstanceId, launch, container, networkOf);
        _names.Add(name);
        try
        {
            _ids[container.Name] = await WithinAsync(
                session.Options.CreatePatience, "created", token => session.Client.CreateAsync(name, request, token));
            return true;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound && _pulled.Add(container.Image))
        {
            _names.Remove(name);
            return false;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            _names.Remove(name);
            await AdoptAsync(container, name, exception);
            return true;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            _names.Remove(name);
            throw new ContainerNotStartedException($"CannotPullContainerError: {FromDaemon}{exception.Message}");
        }
        catch (DockerRefusedException exception)
        {
            _names.Remove(name);
            throw new ContainerNotStartedException($"CannotCreateContainerError: {FromDaemon}{exception.Message}");
        }
        catch (DockerUnreachableException exception)
        {
            if (exception.NeverConnected)
            {
                _names.Remove(name);
            }

            throw new ContainerNotStartedException($"CannotStartContainerError: {exception.Message}");
        }
    }

    /// <summary>The name says that it is this very attempt's container, made before something went wrong.</summary>
    private async Task AdoptAsync(ContainerLaunch container, string name, DockerRefusedException conflict)
    {
        InspectedContainer existing;
        try
        {
            existing = await WithinAsync(session.Options.CreatePatience, "created", token => session.Client.InspectAsync(name, token));
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            throw new ContainerNotStartedException($"CannotCreateContainerError: {FromDaemon}{exception.Message}");
        }

        var labels = existing.Config?.Labels;
        if (DockerNames.KeyOf(labels) != launch.Key || labels?.GetValueOrDefault(DockerNames.Instance) != session.Options.InstanceId)
        {
            throw new ContainerNotStartedException($"CannotCreateContainerError: {FromDaemon}{conflict.Message}");
        }

        _ids[container.Name] = existing.Id;
        _names.Add(name);
        if (ContainerState.HasRun(existing.State.Status))
        {
            _alreadyStarted.Add(container.Name);
        }
    }

    /// <returns>False if the attempt is over already, because an essential container has ended.</returns>
    private async Task<bool> TryStartAsync(ContainerLaunch container, string id)
    {
        if (_alreadyStarted.Contains(container.Name))
        {
            return true;
        }

        try
        {
            await WithinAsync(session.Options.StartPatience, "started", async token =>
            {
                await session.Client.StartAsync(id, token);
                return true;
            });
            return true;
        }
        catch (DockerRefusedException exception)
        {
            // Whose network is gone cannot start any more.
            if (await AnEssentialHasEndedAsync())
            {
                return false;
            }

            throw new ContainerNotStartedException(
                $"CannotStartContainerError: {FromDaemon}{exception.Message}", await FailedExitCodeAsync(id));
        }
        catch (DockerUnreachableException exception)
        {
            throw new ContainerNotStartedException($"CannotStartContainerError: {exception.Message}");
        }
    }

    /// <summary>The engine notices a process's end a little later than the kernel, so it gets a moment.</summary>
    private async Task<bool> AnEssentialHasEndedAsync()
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        moment.CancelAfter(EngineLag);
        foreach (var (_, id) in _started.Where(one => one.Container.Essential))
        {
            try
            {
                using var wait = await session.Client.OpenWaitAsync(id, moment.Token);
                await session.Client.ExitCodeAsync(wait, moment.Token);
                return true;
            }
            catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException or OperationCanceledException)
            {
                // This one still runs, or nobody knows.
            }
        }

        return false;
    }

    /// <summary>126 when the command cannot be run, 127 when it is not there, 128 for anything else that runc refused.</summary>
    private async Task<int?> FailedExitCodeAsync(string id)
    {
        try
        {
            var inspected = await session.SoonAsync(token => session.Client.InspectAsync(id, token));
            return inspected.State.ExitCode is > 0 and var code ? code : null;
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            return null;
        }
    }

    private async Task PullAsync(string image)
    {
        try
        {
            await session.PullAsync(image, stopped);
        }
        catch (DockerRefusedException exception)
        {
            throw new ContainerNotStartedException($"CannotPullContainerError: {FromDaemon}{exception.Message}");
        }
        catch (DockerUnreachableException exception)
        {
            throw new ContainerNotStartedException($"CannotPullContainerError: {exception.Message}");
        }
    }

    private async Task<T> WithinAsync<T>(TimeSpan patience, string transition, Func<CancellationToken, Task<T>> call)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        limit.CancelAfter(patience);
        try
        {
            return await call(limit.Token);
        }
        catch (OperationCanceledException) when (!session.Ending.IsCancellationRequested)
        {
            var waited = $"{(int)patience.TotalMinutes}m{patience.Seconds}s";
            throw new ContainerNotStartedException(
                $"DockerTimeoutError: Could not transition to {transition}; timed out after waiting {waited}");
        }
    }
}
