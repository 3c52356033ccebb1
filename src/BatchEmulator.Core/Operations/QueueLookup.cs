using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Ports;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>Finds the job queue that a request names, by name or ARN.</summary>
internal static class QueueLookup
{
    /// <summary>Service quotas: jobs that are not finished.</summary>
    private const int MaximumJobs = 1_000_000;

    public static JobQueue ForSubmission(Turn turn, Scope scope, string given)
    {
        var queue = turn.State.JobQueues.GetValueOrDefault(Arn.Resolve(scope, Arn.JobQueueType, given));
        RequireState(queue is not null && queue.Scope == scope, NotFound(given));
        RequireState(queue!.AcceptsJobs, OpenTexts.QueueTakesNoJobs);
        return queue;
    }

    /// <param name="turn">The turn.</param>
    /// <param name="parts">Children or nodes of the job that is to be submitted.</param>
    public static void CheckNumberOfJobs(Turn turn, int parts) => RequireState(turn.State.Jobs.Count + parts < MaximumJobs, OpenTexts.TooManyJobs);

    public static JobQueue ForListing(IBatchQueries queries, Scope scope, string given)
    {
        var found = queries.JobQueues(new ResourceQuery(scope, [Arn.Resolve(scope, Arn.JobQueueType, given)], 0, 1));
        RequireState(found.Count == 1, NotFound(given));
        return found[0].Value;
    }

    private static string NotFound(string given) => $"JobQueue {given} not found.";
}
