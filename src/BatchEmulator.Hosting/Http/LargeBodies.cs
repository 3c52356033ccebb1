namespace BatchEmulator.Hosting.Http;

/// <summary>
/// Limits the bodies of all requests together. A large body needs one of a few permits, from the detection of its size until its request is
/// answered, so that neither incoming bodies nor requests that wait for the engine or the log store can fill the memory.
/// </summary>
#pragma warning disable CA1001 // A SemaphoreSlim without a wait handle holds nothing, and a request may end after the emulator.
internal sealed class LargeBodies
#pragma warning restore CA1001
{
    /// <summary>
    /// Longer bodies need a permit. Bodies within the quotas of SubmitJob and RegisterJobDefinition (30 KiB) are shorter, and as much for
    /// each of 10,000 connections, the maximum, is 640 MiB.
    /// </summary>
    public const int Threshold = 64 * 1024;

    /// <summary>Times the longest body, 7 MiB of PutLogEvents: 336 MiB.</summary>
    public const int Permits = 48;

    /// <summary>Time that a large body may take: a slower client must not keep the others waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _free = new(Permits, Permits);

    /// <summary>Requests that have a permit.</summary>
    public int UnderWay => Permits - _free.CurrentCount;

    /// <summary>Waits for a permit, which the request keeps until it is answered.</summary>
    /// <returns>A token that is cancelled when the body's time is over, and when the client has gone.</returns>
    public async Task<CancellationToken> PermitAsync(HttpContext context)
    {
        await _free.WaitAsync(context.RequestAborted);
        context.Response.RegisterForDispose(new Permit(_free));
        var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.Response.RegisterForDispose(patience);
        patience.CancelAfter(Patience);
        return patience.Token;
    }

    private sealed class Permit(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
