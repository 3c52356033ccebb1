using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>TerminateJobs: up to 50 jobs, each as with TerminateJob.</summary>
internal static class TerminateJobs
{
    public static Wire.TerminateJobsResponse Decide(Turn turn, Scope scope, Wire.TerminateJobsRequest request)
    {
        var (successful, errors) = BulkEnding.Run(
            turn, scope, request.Jobs!, request.Reason!, id => TerminateJob.Terminate(turn, scope, id, request.Reason!));
        return new()
        {
            Successful = successful,
            Errors = [.. errors.Select(e => new Wire.TerminateJobsErrorDetail { Job = e.Job, Code = e.Code, Message = e.Message })],
        };
    }
}
