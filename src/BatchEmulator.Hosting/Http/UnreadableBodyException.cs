namespace BatchEmulator.Hosting.Http;

/// <summary>A body does not arrive as its headers say: it breaks off, comes too slowly, or its chunks are broken.</summary>
internal sealed class UnreadableBodyException(Exception cause) : Exception("The body of the request cannot be read.", cause)
{
    /// <summary>HTTP status for it: what the server says (400, 408, 413), else 400.</summary>
    public int Status { get; } = (cause as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
}
