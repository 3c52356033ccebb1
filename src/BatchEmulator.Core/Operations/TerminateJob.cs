using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// TerminateJob: a running job is stopped, a waiting one is cancelled; both fail with the caller's reason. An unknown id is no error.
/// </summary>
internal static class TerminateJob
{
    public static Wire.TerminateJobResponse Decide(Turn turn, Scope scope, Wire.TerminateJobRequest request)
    {
        CancelJob.Check(request.JobId!, request.Reason!);
        Terminate(turn, scope, request.JobId!, request.Reason!);
        return new();
    }

    internal static void Terminate(Turn turn, Scope scope, string jobId, string reason)
    {
        if (turn.State.Jobs.TryGetValue(JobIds.Of(scope, jobId), out var job) && job.Scope == scope && !job.IsService && !job.IsTerminated)
        {
            JobEnding.Stop(turn, job with { IsTerminated = true }, reason);
        }
    }
}
