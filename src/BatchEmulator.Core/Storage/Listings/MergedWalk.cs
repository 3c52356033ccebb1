using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Listings;

/// <summary>
/// Merges parts of an index, each of them in the order of creation, into one listing, newest first: one index look-up for each part, and
/// one for each job.
/// </summary>
/// <param name="next">Finds the newest job of a part before a place in the total order.</param>
/// <param name="read">Reads a job by its place.</param>
internal readonly struct MergedWalk(Func<long, long, long?> next, Func<long, Job> read)
{
    public IReadOnlyList<Job> Read(IReadOnlyList<long> parts, long before, int limit)
    {
        var heads = new PriorityQueue<long, long>();
        foreach (var part in parts)
        {
            if (next(part, before) is { } head)
            {
                heads.Enqueue(part, -head);
            }
        }

        var found = new List<Job>();
        while (found.Count < limit && heads.TryDequeue(out var part, out var key))
        {
            found.Add(read(-key));
            if (next(part, -key) is { } head)
            {
                heads.Enqueue(part, -head);
            }
        }

        return found;
    }
}
