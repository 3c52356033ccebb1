using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>
/// Times since when the waiting jobs of a queue have their positions. A job that comes or goes moves every job behind it. Costs nothing for
/// jobs that are not asked for.
/// </summary>
/// <param name="order">Order of the jobs; null if any job that comes or goes may move every other.</param>
internal sealed class PositionTimes(IComparer<Job>? order)
{
    /// <summary>
    /// Moves that are the latest for some job: each for the jobs from its own on, up to the next one's. Both jobs and times ascend, since a
    /// later move of an earlier job replaces what is behind it.
    /// </summary>
    private readonly List<(Job First, DateTimeOffset At)> _moves = [];

    /// <summary>Notes that a job has come or gone.</summary>
    public void Move(Job job, DateTimeOffset now)
    {
        var count = order is null ? 0 : Find(job, isIncluded: false);
        _moves.RemoveRange(count, _moves.Count - count);
        if (count == 0 || _moves[count - 1].At < now)
        {
            _moves.Add((job, now));
        }
    }

    /// <summary>Returns the time since when a job has its position; null if nothing has moved it since the server started.</summary>
    public DateTimeOffset? Since(Job job)
    {
        var count = order is null ? _moves.Count : Find(job, isIncluded: true);
        return count > 0 ? _moves[count - 1].At : null;
    }

    /// <returns>Number of moves whose first job is before a job, or is the job if that is included.</returns>
    private int Find(Job job, bool isIncluded)
    {
        var (low, high) = (0, _moves.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var compared = order!.Compare(_moves[middle].First, job);
            if (compared < 0 || (isIncluded && compared == 0))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
