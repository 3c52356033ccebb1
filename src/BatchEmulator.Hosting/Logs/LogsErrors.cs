using System.Text.Json;
using BatchEmulator.Contract;
using BatchEmulator.Core;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Errors in the words of CloudWatch Logs.</summary>
internal static class LogsErrors
{
    private const int MaximumQuotedLength = 128;
    private const string ValidValues = "Valid values are: ";

    /// <inheritdoc cref="ErrorWording"/>
    public static WireError Of(Exception exception, string operation, string requestId) => exception switch
    {
        LogsException refusal => new(StatusCodes.Status400BadRequest, refusal.Code, refusal.Message),
        JsonException => new(
            StatusCodes.Status400BadRequest,
            "SerializationException",
            $"The body of the request is not valid JSON for {operation}, or a member has the wrong type."),
        UnreadableBodyException unreadable => new(unreadable.Status, "SerializationException", unreadable.Message),
        PayloadTooLargeException tooLarge =>
            WireError.TooLarge with { Message = $"The body of the request is larger than {tooLarge.Limit} bytes." },
        // The disk is full or gone, which no other request could avoid.
        StorageException => WireError.Unavailable("The service cannot complete the request."),
        _ => new(
            StatusCodes.Status500InternalServerError,
            "InternalFailure",
            "The request processing has failed because of an unknown error."),
    };

    /// <param name="target">The header <c>X-Amz-Target</c>.</param>
    public static WireError UnknownOperation(string target)
    {
        var name = target.StartsWith(LogsEndpoint.TargetPrefix, StringComparison.Ordinal)
            ? target[LogsEndpoint.TargetPrefix.Length..]
            : target;
        return new(
            StatusCodes.Status400BadRequest,
            "UnknownOperationException",
            $"The CloudWatch Logs operation '{Excerpt.Of(name, MaximumQuotedLength)}' is not available in Batch Emulator.");
    }

    /// <summary>A broken constraint of the model.</summary>
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
