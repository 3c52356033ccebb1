using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Why the job at the head of a queue can be placed nowhere, however long it waits (User Guide, "Jobs stuck in a RUNNABLE status"): the reason by which
/// jobStateTimeLimitActions name it, a dash, and a sentence.
/// </summary>
internal static class BlockedReason
{
    public const string NoEnvironment = "ACTION_REQUIRED - CE(s) associated with the job queue are invalid.";

    public const string TooManyVcpus =
        "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.";

    public const string Unknown = "UNDETERMINED - Batch job is blocked, root cause is undetermined.";

    private const string Dash = " - ";

    /// <returns>Null when it only waits for others to end.</returns>
    public static string? Of(JobQueue queue, Job head, IReadOnlyDictionary<string, ComputeEnvironment> environments)
    {
        var accepting = queue.ComputeEnvironmentOrder
            .Select(entry => environments.GetValueOrDefault(entry.ComputeEnvironment!))
            .OfType<ComputeEnvironment>()
            .Where(environment => environment.AcceptsJobs)
            .ToList();
        return accepting.Count == 0 ? NoEnvironment
            : head.IsMultiNode && !accepting.Exists(environment => environment.TakesMultiNodeJobs) ? Unknown
            : accepting.TrueForAll(environment => head.Needs.MilliVcpus > environment.MaximumMilliVcpus) ? TooManyVcpus
            : null;
    }

    /// <summary>Whether an action of a queue names the reason of a status reason.</summary>
    public static bool IsNamedBy(string? statusReason, Wire.JobStateTimeLimitAction action) =>
        statusReason?.StartsWith(action.Reason + Dash, StringComparison.Ordinal) == true;
}
