namespace BatchEmulator.Server.Delivery;

/// <summary>Clients for deliveries.</summary>
internal static class DeliveryHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
    })
    {
        Timeout = Patience,
    };
}
