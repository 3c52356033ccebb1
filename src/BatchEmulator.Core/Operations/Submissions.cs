using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>Checks that submitting a job and submitting a service job share.</summary>
internal static class Submissions
{
    /// <summary>Service quotas: jobs that are not finished.</summary>
    private const int MaximumJobs = 1_000_000;

    /// <param name="turn">The turn.</param>
    /// <param name="scope">Whose queue.</param>
    /// <param name="given">Its name or ARN.</param>
    public static JobQueue FindQueue(Turn turn, Scope scope, string given)
    {
        var queue = turn.State.Of<JobQueue>().GetValueOrDefault(Arn.Resolve(scope, Arn.JobQueueType, given));
        RequireState(queue is not null && queue.Scope == scope, JobQueueRules.NotFound(given));
        RequireState(queue!.AcceptsJobs, OpenTexts.QueueTakesNoJobs);
        return queue;
    }

    /// <param name="turn">The turn.</param>
    /// <param name="parts">Children or nodes of the job that is to be submitted.</param>
    public static void CheckNumberOfJobs(Turn turn, int parts) =>
        RequireState(turn.State.Jobs.Count + parts < MaximumJobs, OpenTexts.TooManyJobs);
}
