using System.Net;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Executors.Docker.Connection;

namespace BatchEmulator.Executors.Docker;

/// <summary>
/// The networks of multi-node parallel jobs: one for each attempt of a job, made by the first of its nodes to start and removed after the
/// last of those that are here has ended.
/// </summary>
internal sealed class NodeNetworks(DockerSession session) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<AttemptKey, int> _nodes = [];
    private readonly Lock _gate = new();

    /// <summary>The name of a node's network; null for an attempt that is none.</summary>
    public static string? NameOf(string instance, AttemptLaunch launch) =>
        launch.Network is { } network ? DockerNames.ContainerName(instance, network, "nodes") : null;

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>From now on, a node may use its network.</summary>
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

    /// <summary>Nothing of a node is left. Never fails: a network that stays is removed by the next start of the server.</summary>
    public async Task LeaveAsync(AttemptLaunch launch)
    {
        if (launch.Network is { } network && IsLast(network))
        {
            await RemoveAsync(NameOf(session.Options.InstanceId, launch)!);
        }
    }

    /// <summary>Makes the network if it is not there yet.</summary>
    /// <exception cref="DockerRefusedException">The engine does not make it.</exception>
    public async Task MakeAsync(AttemptLaunch launch, CancellationToken cancellationToken)
    {
        if (NameOf(session.Options.InstanceId, launch) is not { } name)
        {
            return;
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // Engines before API version 1.44 would make a second network of the name.
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

    /// <summary>Removes what an earlier server left behind, but for the networks of these.</summary>
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
            // No node came as far as making it.
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            session.Logger.NetworkStays(network, exception.Message);
        }
    }
}
