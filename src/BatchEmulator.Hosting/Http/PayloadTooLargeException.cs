namespace BatchEmulator.Hosting.Http;

/// <summary>A body exceeds the limit of its operation.</summary>
/// <param name="limit">Maximum size in bytes.</param>
/// <param name="size">Size, as far as it is known.</param>
internal sealed class PayloadTooLargeException(int limit, long? size = null) : Exception("The body of the request is too large.")
{
    public int Limit { get; } = limit;

    public long? Size { get; } = size;
}
