using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling.Orderings;

namespace BatchEmulator.Core.Explanations;

/// <summary>Position of a job in its queue, or in its quota share.</summary>
/// <param name="Number">Counted from 1; null if more than <see cref="Farthest"/> jobs are ahead.</param>
/// <param name="Ahead">The first few of the jobs ahead.</param>
internal sealed record QueuePosition(int? Number, IReadOnlyList<Job> Ahead)
{
    /// <summary>Number of jobs that are looked through.</summary>
    public const int Farthest = 1_000;

    /// <summary>Number of the jobs ahead that are named.</summary>
    public const int MaximumAhead = 10;

    public static QueuePosition Of(Job job, Ordering ordering, DateTimeOffset now)
    {
        var ahead = new List<Job>();
        var jobs = ordering.BeginLineOf(job, now);
        for (var number = 1; number <= Farthest && jobs.Head is { } head; number++)
        {
            if (head.Id == job.Id)
            {
                return new(number, ahead);
            }

            if (ahead.Count < MaximumAhead)
            {
                ahead.Add(head);
            }

            jobs.Take(isPlaced: true);
        }

        return new(null, ahead);
    }
}
