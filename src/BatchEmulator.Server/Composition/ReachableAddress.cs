namespace BatchEmulator.Server.Composition;

/// <summary>
/// Address at which a client on the same machine reaches a server; a server that listens on every address is reached by loopback.
/// </summary>
internal static class ReachableAddress
{
    public static Uri Of(string host, int port) => new UriBuilder(Uri.UriSchemeHttp, OnThisMachine(host), port).Uri;

    private static string OnThisMachine(string host) => host switch
    {
        "0.0.0.0" or "*" or "+" => "127.0.0.1",
        "::" => "::1",
        _ => host,
    };
}
