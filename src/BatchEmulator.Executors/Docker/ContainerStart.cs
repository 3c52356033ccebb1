using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker;

/// <summary>A container of an attempt could not be started.</summary>
internal sealed class ContainerNotStartedException(string reason, int? exitCode = null) : Exception(reason)
{
    public AttemptNotStarted End { get; } = new(reason, exitCode);
}

/// <summary>
/// Creates and starts the containers of one attempt, pulls missing images, and reports failures in the ECS agent's words. A container that
/// waits for others is neither created nor pulled before its turn, as by the agent (its ECS_PULL_DEPENDENT_CONTAINERS_UPFRONT is off).
/// </summary>
internal sealed class ContainerStart(DockerSession session, AttemptLaunch launch, ContainerSequence sequence, CancellationToken stopped)
{
    private const string FromDaemon = "Error response from daemon: ";

    /// <summary>
    /// Runc's message about a network whose owner's process is gone, which the engine itself may notice much later: <c>lstat
    /// /proc/1234/ns/net</c>.
    /// </summary>
    private const string GoneNetwork = "/ns/net";

    private static readonly TimeSpan EngineLag = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(ContainerLaunch Container, string Id)> _started = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alreadyStarted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pulled = new(StringComparer.Ordinal);

    /// <summary>By container: id of the container whose network it joined; null for a separate network.</summary>
    private readonly Dictionary<string, string?> _networks = new(StringComparer.Ordinal);

    /// <summary>Networks that ended before a container could start and join them.</summary>
    private readonly HashSet<(string Container, string Network)> _lost = [];

    /// <summary>Names or ids of the containers that may exist now.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Containers that the last run started, in this order, and their ids.</summary>
    public IReadOnlyList<(ContainerLaunch Container, string Id)> Started => _started;

    /// <summary>The container that was created, pulled for or started last.</summary>
    public ContainerLaunch Latest { get; private set; } = launch.Containers[0];

    /// <summary>Takes over containers that an earlier server created.</summary>
    /// <param name="ids">By container: ids of those that have run.</param>
    /// <param name="all">Ids of all containers that exist.</param>
    public void TakeUp(IReadOnlyDictionary<string, string> ids, IEnumerable<string> all)
    {
        _names.UnionWith(all);
        foreach (var (name, id) in ids)
        {
            _ids.Add(name, id);
        }
    }

    /// <param name="containers">Containers whose turn it is; each starts after the ones before it.</param>
    /// <returns>True if all were started; otherwise the attempt is over, because an essential container has ended.</returns>
    /// <exception cref="ContainerNotStartedException">A container could not be created or started.</exception>
    /// <exception cref="OperationCanceledException">The attempt was stopped meanwhile.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<ContainerLaunch> containers)
    {
        _started.Clear();
        while (await MissingImageAsync(containers) is { } image)
        {
            await PullAsync(image);
        }

        return _started.Count == containers.Count;
    }

    /// <returns>The image that has to be pulled first; null if nothing remains to be done.</returns>
    private async Task<string?> MissingImageAsync(IReadOnlyList<ContainerLaunch> containers)
    {
        await session.Starts.WaitAsync(stopped);
        try
        {
            foreach (var container in containers.Where(container => !_ids.ContainsKey(container.Name)))
            {
                stopped.ThrowIfCancellationRequested();
                Latest = container;
                if (!await TryCreateAsync(container, NetworkFor(container, containers)))
                {
                    return container.Image;
                }
            }

            foreach (var container in containers)
            {
                stopped.ThrowIfCancellationRequested();
                Latest = container;
                if (!await TryStartAsync(container, containers))
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

    /// <summary>
    /// Chooses the network of a container. The first container to start owns the network, and the others join it. But one that ends before
    /// others start would take the network with it, since only a running container's can be joined: it gets a separate one.
    /// </summary>
    private string? NetworkFor(ContainerLaunch container, IReadOnlyList<ContainerLaunch> batch) =>
        ContainerSequence.EndsBeforeOthers(launch, container)
            ? null
            : sequence.Running.Concat(batch.TakeWhile(other => other.Name != container.Name))
                .Where(other => !ContainerSequence.EndsBeforeOthers(launch, other))
                .Select(other => _ids.GetValueOrDefault(other.Name))
                .FirstOrDefault(id => id is not null && !_lost.Any(lost => lost.Network == id));

    private async Task<bool> TryCreateAsync(ContainerLaunch container, string? networkOf)
    {
        if (container.Image.Length == 0)
        {
            throw new ContainerNotStartedException("CannotPullContainerError: no image is named");
        }

        var name = DockerNames.ContainerName(session.Options.InstanceId, launch.Key, container.Name);
        var request = ContainerRequest.Of(session.Options.InstanceId, launch, container, networkOf);
        _names.Add(name);
        try
        {
            _ids[container.Name] = await WithinAsync(session.Options.CreatePatience, "created", async token =>
            {
                await session.Networks.MakeAsync(launch, token);
                return await session.Engine.CreateAsync(request, token);
            });
            _networks[container.Name] = networkOf;
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

    /// <summary>Takes over a container of that name: it belongs to this attempt and was created before a failure.</summary>
    private async Task AdoptAsync(ContainerLaunch container, string name, DockerRefusedException conflict)
    {
        ContainerInspectResponse existing;
        try
        {
            existing = await WithinAsync(session.Options.CreatePatience, "created", token => session.Engine.InspectAsync(name, token));
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            throw new ContainerNotStartedException($"CannotCreateContainerError: {FromDaemon}{exception.Message}");
        }

        var labels = existing.Config?.Labels;
        if (DockerNames.KeyOf(labels) != launch.Key || DockerNames.InstanceOf(labels) != session.Options.InstanceId)
        {
            throw new ContainerNotStartedException($"CannotCreateContainerError: {FromDaemon}{conflict.Message}");
        }

        _ids[container.Name] = existing.ID;
        _networks[container.Name] = ContainerRequest.JoinedContainer(existing.HostConfig);
        _names.Add(name);
        if (ContainerStatus.HasRun(existing.State?.Status))
        {
            _alreadyStarted.Add(container.Name);
        }
    }

    /// <returns>False if the attempt is over already, because an essential container has ended.</returns>
    private async Task<bool> TryStartAsync(ContainerLaunch container, IReadOnlyList<ContainerLaunch> batch)
    {
        while (!_alreadyStarted.Contains(container.Name))
        {
            var id = _ids[container.Name];
            try
            {
                await WithinAsync(session.Options.StartPatience, "started", async token =>
                {
                    await session.Engine.StartAsync(id, token);
                    return true;
                });
                return true;
            }
            catch (DockerRefusedException exception)
            {
                // A container whose network is gone cannot start any more.
                if (await IsOverAsync())
                {
                    return false;
                }

                if (!await HasLostItsNetworkAsync(container, exception.Message))
                {
                    throw new ContainerNotStartedException(
                        $"CannotStartContainerError: {FromDaemon}{exception.Message}", await FailedExitCodeAsync(id));
                }
            }
            catch (DockerUnreachableException exception)
            {
                throw new ContainerNotStartedException($"CannotStartContainerError: {exception.Message}");
            }

            await MakeAgainAsync(container, batch);
        }

        return true;
    }

    /// <summary>Creates a container again whose network has ended: a network is chosen at creation.</summary>
    private async Task MakeAgainAsync(ContainerLaunch container, IReadOnlyList<ContainerLaunch> batch)
    {
        await session.RemoveAsync(_ids[container.Name]);
        _ids.Remove(container.Name);
        while (!await TryCreateAsync(container, NetworkFor(container, batch)))
        {
            await PullAsync(container.Image);
        }
    }

    private async Task<bool> IsOverAsync()
    {
        if (sequence.IsDue)
        {
            return true;
        }

        var essential = sequence.Running.Concat(_started.Select(one => one.Container)).Where(container => container.Essential);
        var ended = await Task.WhenAll(essential.Select(container => HasEndedAsync(_ids[container.Name])));
        return ended.Contains(value: true);
    }

    /// <returns>True at most once for a container and a network.</returns>
    private async Task<bool> HasLostItsNetworkAsync(ContainerLaunch container, string failure) =>
        _networks[container.Name] is { } network
        && (failure.Contains(GoneNetwork, StringComparison.Ordinal) || await HasEndedAsync(network))
        && _lost.Add((container.Name, network));

    /// <summary>
    /// Returns true if a container has ended. The engine notices a process's end a little later than the kernel, so it gets a moment.
    /// </summary>
    private async Task<bool> HasEndedAsync(string id)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(session.Ending);
        moment.CancelAfter(EngineLag);
        try
        {
            await session.Engine.WaitAsync(id, moment.Token);
            return true;
        }
        catch (DockerRefusedException exception)
        {
            return exception.Status == HttpStatusCode.NotFound;
        }
        catch (Exception exception) when (exception is DockerUnreachableException or OperationCanceledException)
        {
            // It is still running, or its state is unknown.
            return false;
        }
    }

    /// <summary>Returns 126 if the command cannot be run, 127 if it does not exist, 128 for any other refusal of runc.</summary>
    private async Task<int?> FailedExitCodeAsync(string id)
    {
        try
        {
            var inspected = await session.SoonAsync(token => session.Engine.InspectAsync(id, token));
            return inspected.State?.ExitCode is > 0 and var code ? (int)code : null;
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
