using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Http;

/// <summary>A body is larger than its operation takes.</summary>
internal sealed class PayloadTooLargeException(string operation, int limit, long? size = null) : Exception(TextOf(operation, limit, size ?? limit))
{
    public int Limit { get; } = limit;

    private static string TextOf(string operation, int limit, long size) => SubjectOf(operation) is { } subject
        ? $"{subject} size must be less than {limit / 1024} KiB, got {(size + 1023) / 1024} KiB"
        : OpenTexts.RequestTooLarge(operation, limit / 1024);

    private static string? SubjectOf(string operation) =>
        operation == Wire.Operations.SubmitJob.Name ? "Job" : operation == Wire.Operations.RegisterJobDefinition.Name ? "JobDefinition" : null;
}
