namespace BatchEmulator.Server.Tests.Executors.Docker;

/// <summary>Forwards everything between two streams, until one of them ends.</summary>
internal static class Relay
{
    public static void Start(Stream client, Stream server)
    {
        _ = PassAsync(client, server);
        _ = PassAsync(server, client);
    }

    private static async Task PassAsync(Stream from, Stream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Cut.
        }

        await to.DisposeAsync();
    }
}
