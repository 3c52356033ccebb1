using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using BatchEmulator.Contract;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Errors as JSON 1.1 carries them.</summary>
internal static class LogsError
{
    private const string ValidValues = "Valid values are: ";

    public static ReadOnlyMemory<byte> Body(string type, string message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("__type", type);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A broken constraint of the model in the words of CloudWatch Logs.</summary>
    public static LogsException Of(Violation violation)
    {
        var values = violation.Rule.IndexOf(ValidValues, StringComparison.Ordinal);
        var rule = violation.Rule switch
        {
            "is required." => "must not be null",
            "should match a valid pattern." => "must satisfy regular expression pattern",
            _ when values >= 0 => $"must satisfy enum value set: {violation.Rule[(values + ValidValues.Length)..]}",
            var other => other.TrimEnd('.'),
        };
        return LogsException.InvalidParameter(
            $"1 validation error detected: Value at '{violation.Path}' failed to satisfy constraint: Member {rule}");
    }
}
