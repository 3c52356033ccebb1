namespace BatchEmulator.Hosting.Http;

/// <summary>A body does not match its headers: it is incomplete, comes too slowly, or its chunks are malformed.</summary>
internal sealed class UnreadableBodyException(Exception cause) : Exception(TextOf(cause), cause)
{
    /// <summary>HTTP status of the error: the server's (400, 408, 413), else 400.</summary>
    public int Status { get; } = StatusOf(cause);

    private static int StatusOf(Exception cause) => (cause as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;

    private static string TextOf(Exception cause) => StatusOf(cause) == StatusCodes.Status408RequestTimeout
        ? "The body of the request takes too long."
        : "The body of the request cannot be read.";
}
