using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// Common parts of CancelJobs, TerminateJobs and TerminateServiceJobs: each id is handled separately; an unknown one counts as successful.
/// </summary>
internal static class BulkEnding
{
    private const int MaximumJobs = 50;
    private const string MalformedCode = "ValidationException";

    public static (IReadOnlyList<string> Successful, IReadOnlyList<(string Job, string Code, string Message)> Errors) Run(
        Turn turn, Scope scope, IReadOnlyList<string> jobs, string reason, Action<string> end, string type = Arn.JobType)
    {
        Require(jobs.Count <= MaximumJobs && jobs.Count >= turn.State.Options.Limits.MinimumBulkJobs, OpenTexts.BulkSize);
        CancelJob.CheckReason(reason);
        var successful = new List<string>();
        var errors = new List<(string, string, string)>();
        foreach (var id in jobs)
        {
            if (JobIds.IsWellFormed(JobIds.Of(scope, id, type)))
            {
                end(id);
                successful.Add(id);
            }
            else
            {
                errors.Add((id, MalformedCode, OpenTexts.MalformedJobId(id)));
            }
        }

        return (successful, errors);
    }
}
