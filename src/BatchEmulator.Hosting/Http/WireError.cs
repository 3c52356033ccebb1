namespace BatchEmulator.Hosting.Http;

/// <summary>An error on the wire.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The error type, e.g. <c>ClientException</c>.</param>
/// <param name="Message">Message.</param>
internal sealed record WireError(int Status, string Code, string Message)
{
    public static readonly WireError Internal = new(500, "ServerException", "An internal error occurred.");

    public static readonly WireError TooLarge = new(413, "RequestEntityTooLargeException", "Request Entity Too Large");

    public static readonly WireError UnknownOperation = new(404, "UnknownOperationException", "The requested operation does not exist.");

    public static readonly WireError WrongMethod = new(
        405, "UnknownOperationException", "The requested operation does not exist for this HTTP method.");

    public static WireError Client(string message) => new(400, "ClientException", message);

    /// <summary>The server is unable to do it at the moment; the message states the reason.</summary>
    public static WireError Unavailable(string message) => new(503, "ServiceUnavailableException", message);

    public static WireError Forbidden(string message) => new(403, "AccessDeniedException", message);

    /// <summary>Writes the error as AWS Batch does.</summary>
    public Task WriteAsync(HttpResponse response) => WriteAsync(response, WireFormat.RestJson);

    public async Task WriteAsync(HttpResponse response, WireFormat format)
    {
        response.StatusCode = Status;
        response.Headers["x-amzn-ErrorType"] = Code;
        await format.WriteAsync(response, format.ErrorBody(this));
    }
}
