using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Core.Jobs;

/// <summary>Reasons for the end of a container, in AWS Batch's words.</summary>
internal static class ContainerReasons
{
    /// <summary>Maximum length (API Reference, ContainerDetail: "a short (255 max characters) human-readable string").</summary>
    private const int MaximumLength = 255;

    public static string? Short(string? reason, int maximumLength = MaximumLength) =>
        reason is null ? null : Excerpt.Of(reason, maximumLength);

    /// <summary>Returns the reason of a container in a pod: Kubernetes's word, also if it succeeded.</summary>
    public static string? OfPod(ContainerEnd end) => end switch
    {
        { Reason: { } reason } when reason.StartsWith("OutOfMemoryError", StringComparison.Ordinal) => "OOMKilled",
        { Reason: { } reason } => Short(reason),
        { ExitCode: 0 } => "Completed",
        { ExitCode: not null } => "Error",
        _ => null,
    };
}
