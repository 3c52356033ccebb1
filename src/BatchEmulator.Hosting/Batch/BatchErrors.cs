using System.Text.Json;
using BatchEmulator.Core;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Batch;

/// <summary>Errors in the words of AWS Batch.</summary>
internal static class BatchErrors
{
    /// <summary>Answer to malformed JSON and to members of the wrong type.</summary>
    private static readonly WireError Unparsable = WireError.Client("An error occurred during JSON parsing");

    /// <inheritdoc cref="ErrorWording"/>
    public static WireError Of(Exception exception, string operation, string requestId) => exception switch
    {
        ClientException { IsWrapped: true } refusal => Wrapped(refusal.Message, requestId) with { Code = refusal.Code },
        ClientException refusal => WireError.Client(refusal.Message) with { Code = refusal.Code },
        JsonException => Unparsable,
        UnreadableBodyException unreadable => Unparsable with { Status = unreadable.Status },
        PayloadTooLargeException { Limit: < RouteTable.MaximumBody } tooLarge => Wrapped(TooLarge(operation, tooLarge), requestId),
        PayloadTooLargeException => WireError.TooLarge,
        EngineStoppedException stopped => WireError.Internal with { Message = stopped.Message },
        _ => WireError.Internal,
    };

    /// <summary>The family of errors that quotes its cause and the id of the request.</summary>
    public static WireError Wrapped(string detail, string requestId) =>
        WireError.Client($"Error executing request, Exception : {detail}, RequestId: {requestId}");

    private static string TooLarge(string operation, PayloadTooLargeException exception) => SubjectOf(operation) is { } subject
        ? $"{subject} size must be less than {exception.Limit / 1024} KiB, got {((exception.Size ?? exception.Limit) + 1023) / 1024} KiB"
        : OpenTexts.RequestTooLarge(operation, exception.Limit / 1024);

    private static string? SubjectOf(string operation) =>
        operation == Wire.Operations.SubmitJob.Name ? "Job"
        : operation == Wire.Operations.RegisterJobDefinition.Name ? "JobDefinition"
        : null;
}
