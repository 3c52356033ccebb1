namespace BatchEmulator.Server.Http;

/// <summary>A body is larger than its operation takes.</summary>
internal sealed class PayloadTooLargeException(string operation, int limit)
    : Exception($"The request of {operation} must be at most {limit / 1024} KiB.")
{
    public int Limit { get; } = limit;
}
