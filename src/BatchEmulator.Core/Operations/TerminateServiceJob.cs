using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// TerminateServiceJob: a job that was handed over is stopped, a waiting one fails at once, both with the caller's reason. An unknown id is
/// no error.
/// </summary>
internal static class TerminateServiceJob
{
    public static Wire.TerminateServiceJobResponse Decide(Turn turn, Scope scope, Wire.TerminateServiceJobRequest request)
    {
        CancelJob.Check(request.JobId!, request.Reason!);
        Terminate(turn, scope, request.JobId!, request.Reason!);
        return new();
    }

    internal static void Terminate(Turn turn, Scope scope, string jobId, string reason)
    {
        if (ServiceJobLookup.FindUnfinished(turn, scope, jobId) is { IsTerminated: false } job)
        {
            JobEnding.Stop(turn, job with { IsTerminated = true }, reason);
        }
    }
}
