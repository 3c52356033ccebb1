using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>Common checks of submitting jobs and submitting service jobs.</summary>
internal static class Submissions
{
    /// <summary>Maximum number of unfinished jobs (service quotas).</summary>
    private const int MaximumJobs = 1_000_000;

    /// <param name="turn">The turn.</param>
    /// <param name="scope">Scope of the queue.</param>
    /// <param name="given">Name or ARN of the queue.</param>
    public static JobQueue FindQueue(Turn turn, Scope scope, string given)
    {
        var queue = turn.State.Of<JobQueue>().GetValueOrDefault(Arn.Resolve(scope, Arn.JobQueueType, given));
        RequireState(queue is not null && queue.Scope == scope, JobQueueRules.NotFound(given));
        RequireState(queue!.AcceptsJobs, OpenTexts.QueueTakesNoJobs);
        return queue;
    }

    /// <param name="turn">The turn.</param>
    /// <param name="parts">Number of children or nodes of the submitted job.</param>
    public static void CheckNumberOfJobs(Turn turn, int parts) =>
        RequireState(turn.State.Jobs.Count + parts < MaximumJobs, OpenTexts.TooManyJobs);
}
