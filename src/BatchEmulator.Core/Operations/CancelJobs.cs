using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>CancelJobs: up to 50 jobs, each as with CancelJob.</summary>
internal static class CancelJobs
{
    public static Wire.CancelJobsResponse Decide(Turn turn, Scope scope, Wire.CancelJobsRequest request)
    {
        var (successful, errors) = BulkEnding.Run(
            turn, scope, request.Jobs!, request.Reason!, id => CancelJob.Cancel(turn, scope, id, request.Reason!));
        return new()
        {
            Successful = successful,
            Errors = [.. errors.Select(e => new Wire.CancelJobsErrorDetail { Job = e.Job, Code = e.Code, Message = e.Message })],
        };
    }
}
