using System.Text.Encodings.Web;
using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Http;

/// <summary>An error of the REST-JSON protocol.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The error type, e.g. <c>ClientException</c>.</param>
/// <param name="Message">The sentence.</param>
internal sealed record WireError(int Status, string Code, string Message)
{
    /// <summary>Error of AWS Batch for malformed JSON and for members of the wrong type.</summary>
    public static readonly WireError Unparsable = Client("An error occurred during JSON parsing");

    public static readonly WireError Internal = new(500, "ServerException", "An internal error occurred.");

    public static readonly WireError TooLarge = new(413, "RequestEntityTooLargeException", "Request Entity Too Large");

    public static readonly WireError UnknownOperation = new(404, "UnknownOperationException", "The requested operation does not exist.");

    public static readonly WireError WrongMethod = new(405, "UnknownOperationException", "The requested operation does not exist for this HTTP method.");

    public static WireError Client(string message) => new(400, "ClientException", message);

    public static WireError Wrapped(string detail, string requestId) =>
        Client($"Error executing request, Exception : {detail}, RequestId: {requestId}");

    public static WireError Of(ClientException exception, string requestId) =>
        (exception.IsWrapped ? Wrapped(exception.Message, requestId) : Client(exception.Message)) with { Code = exception.Code };

    /// <summary>The server cannot do it at the moment; the message says why.</summary>
    public static WireError Unavailable(string message) => new(503, "ServiceUnavailableException", message);

    public static WireError Forbidden(string message) => new(403, "AccessDeniedException", message);

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers["x-amzn-ErrorType"] = Code;
        var body = Body();
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }

    /// <summary>Pretty-printed exactly as the service does it.</summary>
    private byte[] Body() =>
        System.Text.Encoding.UTF8.GetBytes($"{{\n  \"message\" : \"{Escaped(Message)}\",\n  \"__type\" : \"{Escaped(Code)}\"\n}}");

    private static string Escaped(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
}
