using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// CancelJob: a job that has not started fails with the caller's reason; one that has, or that is unknown, is left alone without an error.
/// </summary>
internal static class CancelJob
{
    private const int MaximumReasonLength = 1024;

    public static Wire.CancelJobResponse Decide(Turn turn, Scope scope, Wire.CancelJobRequest request)
    {
        Check(request.JobId!, request.Reason!);
        Cancel(turn, scope, request.JobId!, request.Reason!);
        return new();
    }

    internal static void Cancel(Turn turn, Scope scope, string jobId, string reason)
    {
        if (turn.State.Jobs.TryGetValue(JobIds.Of(scope, jobId), out var job)
            && job.Scope == scope
            && !job.IsService
            && !job.Status.IsPlaced()
            && job.StopReason is null)
        {
            JobEnding.Stop(turn, job with { IsCancelled = true }, reason, evenIfPlaced: false);
        }
    }

    internal static void Check(string jobId, string reason)
    {
        Require(jobId.Length > 0, OpenTexts.EmptyJobId);
        CheckReason(reason);
    }

    internal static void CheckReason(string reason) => Require(reason.Length is > 0 and <= MaximumReasonLength, OpenTexts.ReasonLength);
}
