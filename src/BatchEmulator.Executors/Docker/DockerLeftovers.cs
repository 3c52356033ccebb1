using System.Net;
using BatchEmulator.Executors.Docker.Connection;
using Docker.DotNet.Models;

namespace BatchEmulator.Executors.Docker;

/// <summary>Ends and removes everything that carries the id of one emulator: for servers that keep nothing.</summary>
internal static class DockerLeftovers
{
    /// <summary>Short, since Ctrl-C should not take half a minute.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="DockerUnreachableException">No engine answers within half a minute.</exception>
    /// <exception cref="DockerRefusedException">The engine refused.</exception>
    public static async Task RemoveAsync(DockerEngine engine, string instance)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await RemoveAsync(engine, instance, patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new DockerUnreachableException(engine.Address, exception);
        }
    }

    private static async Task RemoveAsync(DockerEngine engine, string instance, CancellationToken cancellationToken)
    {
        var containers = await engine.ListAsync(DockerNames.Instance, instance, cancellationToken);
        await Parallel.ForEachAsync(containers, cancellationToken, (container, token) => RemoveAsync(engine, container, token));
        foreach (var volume in await engine.ListVolumesAsync(DockerNames.Instance, instance, cancellationToken))
        {
            await UnlessGoneAsync(engine.RemoveVolumeAsync(volume.Name, cancellationToken));
        }

        foreach (var network in await engine.ListNetworksAsync(DockerNames.Instance, instance, cancellationToken))
        {
            await UnlessGoneAsync(engine.RemoveNetworkAsync(network.ID, cancellationToken));
        }
    }

    private static async ValueTask RemoveAsync(DockerEngine engine, ContainerListResponse container, CancellationToken cancellationToken)
    {
        if (container.State == ContainerStatus.Running)
        {
            await UnlessGoneAsync(engine.StopAsync(container.ID, Grace, cancellationToken));
        }

        await UnlessGoneAsync(engine.RemoveAsync(container.ID, cancellationToken));
    }

    private static async Task UnlessGoneAsync(Task removal)
    {
        try
        {
            await removal;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // Another client removed it.
        }
    }
}
