using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CancelJob: a job that has not started fails with the caller's reason; one that has, or that is unknown, is left alone without an error.</summary>
public static class CancelJob
{
    private const int MaximumReasonLength = 1024;

    public static Wire.CancelJobResponse Decide(Turn turn, Scope scope, Wire.CancelJobRequest request)
    {
        Check(request.JobId!, request.Reason!);
        if (turn.State.Jobs.TryGetValue(request.JobId!, out var job) && job.Scope == scope && !job.Status.IsPlaced() && job.StopReason is null)
        {
            JobEnding.Stop(turn, job with { IsCancelled = true }, request.Reason!, evenIfPlaced: false);
        }

        return new();
    }

    internal static void Check(string jobId, string reason)
    {
        Require(jobId.Length > 0, "jobId must not be empty.");
        Require(reason.Length > 0, "reason must not be empty.");
        Require(reason.Length <= MaximumReasonLength, "reason must be at most 1024 characters.");
    }
}
