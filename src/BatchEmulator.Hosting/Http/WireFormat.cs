using System.Text;
using System.Text.Encodings.Web;

namespace BatchEmulator.Hosting.Http;

/// <summary>Body formats of a protocol of AWS.</summary>
/// <param name="ContentType">Content type of responses and errors.</param>
/// <param name="ErrorBody">Body of an error.</param>
internal sealed record WireFormat(string ContentType, Func<WireError, byte[]> ErrorBody)
{
    /// <summary>REST-JSON, the protocol of AWS Batch; errors are pretty-printed exactly as by the service.</summary>
    public static WireFormat RestJson { get; } = new("application/json", error =>
        Encoding.UTF8.GetBytes($"{{\n  \"message\" : \"{Escaped(error.Message)}\",\n  \"__type\" : \"{Escaped(error.Code)}\"\n}}"));

    /// <summary>JSON 1.1, the protocol of CloudWatch Logs.</summary>
    public static WireFormat Json11 { get; } = new("application/x-amz-json-1.1", error =>
        Encoding.UTF8.GetBytes($"{{\"__type\":\"{Escaped(error.Code)}\",\"message\":\"{Escaped(error.Message)}\"}}"));

    public async Task WriteAsync(HttpResponse response, byte[] body)
    {
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }

    private static string Escaped(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
}
