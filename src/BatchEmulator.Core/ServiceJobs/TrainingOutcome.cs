using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.ServiceJobs;

/// <summary>How a training job ended, as SageMaker puts it (User Guide, "Service job retry strategies in AWS Batch"; SageMaker API Reference, DescribeTrainingJob).</summary>
internal static class TrainingOutcome
{
    private const string Completed = "Training job completed";
    private const string InternalError = "InternalServerError: We encountered an internal error. Please try again.";
    private const string CapacityError = "CapacityError";

    /// <summary>SageMaker API Reference, DescribeTrainingJob, FailureReason.</summary>
    private const int MaximumLength = 1024;

    public static Attempt Of(AttemptEnd end, Attempt attempt) => attempt with
    {
        ExitCode = end is AttemptExited { Containers: [var container, ..] } ? container.ExitCode : null,
        StatusReason = Told(ContainerReasons.Short(MessageOf(end), MaximumLength)!),
    };

    /// <summary>What AWS Batch makes of SageMaker's words.</summary>
    public static string Told(string message) => $"Received status from SageMaker: {message}";

    /// <summary>Whether the service had no instances: the job is handed over again, and that counts as no attempt.</summary>
    public static bool IsLackOfCapacity(AttemptEnd end) =>
        end is AttemptNotStarted { Reason: var reason } && reason.StartsWith(CapacityError, StringComparison.Ordinal);

    private static string MessageOf(AttemptEnd end) => end switch
    {
        AttemptExited { Containers: [{ ExitCode: 0 }, ..] } => Completed,
        AttemptExited { Containers: [{ Reason: { } reason }, ..] } => reason,
        AttemptExited { Containers: [{ ExitCode: { } code }, ..] } => $"AlgorithmError: , exit code: {code}",
        AttemptNotStarted { Reason: var reason } => reason,
        _ => InternalError,
    };
}
