using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>
/// The networks of multi-node parallel jobs: one for each attempt of a job, created by the first of its nodes to start and removed after
/// the last node that runs here.
/// </summary>
internal sealed class NodeNetworks(DockerSession session) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<AttemptKey, int> _nodes = [];
    private readonly Lock _gate = new();

    /// <summary>Returns the name of a node's network; null for an attempt that is no node.</summary>
    public static string? NameOf(string instance, AttemptLaunch launch) =>
        launch.Network is { } network ? DockerNames.ContainerName(instance, network, "nodes") : null;

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Registers a node as a user of its network.</summary>
    public void Join(AttemptLaunch launch)
    {
        if (launch.Network is { } network)
        {
            lock (_gate)
            {
                _nodes[network] = _nodes.GetValueOrDefault(network) + 1;
            }
        }
    }

    /// <summary>Unregisters a node that has ended. Never fails: if the network remains, the next start of the server removes it.</summary>
    public async Task LeaveAsync(AttemptLaunch launch)
    {
        if (launch.Network is { } network && IsLast(network))
        {
            await RemoveAsync(NameOf(session.Options.InstanceId, launch)!);
        }
    }

    /// <summary>Creates the network unless it exists.</summary>
    /// <exception cref="DockerRefusedException">The engine refuses to create it.</exception>
    public async Task MakeAsync(AttemptLaunch launch, CancellationToken cancellationToken)
    {
        if (NameOf(session.Options.InstanceId, launch) is not { } name)
        {
            return;
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Engines before API version 1.44 would create a second network of the same name.
            if (!await session.Engine.HasNetworkAsync(name, cancellationToken))
            {
                var labels = DockerNames.KeyLabels(session.Options.InstanceId, launch.Network!.Value);
                await session.Engine.CreateNetworkAsync(name, labels, cancellationToken);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Removes the networks that an earlier server left behind, except those of some attempts.</summary>
    public async Task RemoveAllButAsync(IEnumerable<AttemptLaunch> takenUp, CancellationToken cancellationToken)
    {
        var used = takenUp.Select(launch => launch.Network).ToHashSet();
        foreach (var network in await session.Engine.ListNetworksAsync(DockerNames.Instance, session.Options.InstanceId, cancellationToken))
        {
            if (!used.Contains(DockerNames.KeyOf(network.Labels)))
            {
                await RemoveAsync(network.ID);
            }
        }
    }

    private bool IsLast(AttemptKey network)
    {
        lock (_gate)
        {
            _nodes[network]--;
            return _nodes[network] == 0 && _nodes.Remove(network);
        }
    }

    private async Task RemoveAsync(string network)
    {
        try
        {
            await session.SoonAsync(token => session.Engine.RemoveNetworkAsync(network, token));
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // No node created the network.
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            session.Logger.NetworkStays(network, exception.Message);
        }
    }
}
