namespace BatchEmulator.Outgoing;

/// <summary>Clients for what the server itself asks others for.</summary>
internal static class OutgoingHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>More than any answer that is read.</summary>
    private const int MaximumAnswer = 1024 * 1024;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
    })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = MaximumAnswer,
    };

    /// <summary>Whether a call failed or took too long, rather than being cancelled.</summary>
    public static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
