using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Operations;

/// <summary>TerminateServiceJobs: up to 50 jobs, each as with TerminateServiceJob.</summary>
internal static class TerminateServiceJobs
{
    public static Wire.TerminateServiceJobsResponse Decide(Turn turn, Scope scope, Wire.TerminateServiceJobsRequest request)
    {
        var (successful, errors) = BulkEnding.Run(
            turn,
            scope,
            request.Jobs!,
            request.Reason!,
            id => TerminateServiceJob.Terminate(turn, scope, id, request.Reason!),
            Arn.ServiceJobType);
        return new()
        {
            Successful = successful,
            Errors = [.. errors.Select(e => new Wire.TerminateServiceJobsErrorDetail { Job = e.Job, Code = e.Code, Message = e.Message })],
        };
    }
}
