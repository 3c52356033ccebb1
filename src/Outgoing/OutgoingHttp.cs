namespace BatchEmulator.Outgoing;

/// <summary>Creates clients for the server's own requests.</summary>
internal static class OutgoingHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Maximum size of a response; larger than any that is read.</summary>
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

    /// <summary>Returns true if a call failed or timed out, rather than being cancelled.</summary>
    public static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
