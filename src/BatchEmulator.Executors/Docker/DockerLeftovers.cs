using System.Net;

namespace BatchEmulator.Executors.Docker;

/// <summary>Ends and removes everything that carries the id of one emulator: for servers that keep nothing.</summary>
internal static class DockerLeftovers
{
    /// <summary>Nobody waits half a minute for Ctrl-C.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="DockerUnreachableException">There is no engine to ask, or it does not answer in half a minute.</exception>
    /// <exception cref="DockerRefusedException">The engine says no.</exception>
    public static async Task RemoveAsync(DockerClient client, string instance)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await RemoveAsync(client, instance, patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new DockerUnreachableException(client.Address, exception);
        }
    }

    private static async Task RemoveAsync(DockerClient client, string instance, CancellationToken cancellationToken)
    {
        var containers = await client.ListAsync(DockerNames.Instance, instance, cancellationToken);
        await Parallel.ForEachAsync(containers, cancellationToken, (container, token) => RemoveAsync(client, container, token));
        foreach (var volume in await client.ListVolumesAsync(DockerNames.Instance, instance, cancellationToken))
        {
            await UnlessGoneAsync(client.RemoveVolumeAsync(volume.Name, cancellationToken));
        }

        foreach (var network in await client.ListNetworksAsync(DockerNames.Instance, instance, cancellationToken))
        {
            await UnlessGoneAsync(client.RemoveNetworkAsync(network.Id, cancellationToken));
        }
    }

    private static async ValueTask RemoveAsync(DockerClient client, ListedContainer container, CancellationToken cancellationToken)
    {
        if (container.State == "running")
        {
            await UnlessGoneAsync(client.StopAsync(container.Id, Grace, cancellationToken));
        }

        await UnlessGoneAsync(client.RemoveAsync(container.Id, cancellationToken));
    }

    private static async Task UnlessGoneAsync(Task removal)
    {
        try
        {
            await removal;
        }
        catch (DockerRefusedException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            // Somebody else removed it.
        }
    }
}
