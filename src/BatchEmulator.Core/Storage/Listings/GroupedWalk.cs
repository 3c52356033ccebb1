using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Listings;

/// <summary>
/// Jobs grouped by name, the newest of each name first. The index holds the jobs of a name in ascending order, so that inserts append; it
/// is walked name by name, and each name's jobs backwards. That costs two index look-ups for each name.
/// </summary>
/// <param name="jobsOf">Reads the jobs of a name before a place in the total order, newest first, up to a number of them.</param>
/// <param name="nextName">Finds the next name after one, in any case; or that name itself, if it is included.</param>
public readonly struct GroupedWalk(Func<string, long, int, IReadOnlyList<Job>> jobsOf, Func<string, bool, string?> nextName)
{
    /// <summary>Reads a page.</summary>
    /// <param name="names">Names to list, in any case: one, or those with a prefix, which follow each other in the index.</param>
    /// <param name="after">Place of the last job of the page before; null for the first page.</param>
    /// <param name="limit">Maximum number of jobs.</param>
    public IReadOnlyList<Job> Read(Wildcard names, JobPlace? after, int limit)
    {
        var found = new List<Job>();
        var name = after?.JobName ?? (names.IsExact ? names.Prefix : nextName(names.Prefix, true));
        var before = after?.Sequence ?? long.MaxValue;
        while (name is not null && names.Matches(name))
        {
            found.AddRange(jobsOf(name, before, limit - found.Count));
            name = !names.IsExact && found.Count < limit ? nextName(name, false) : null;
            before = long.MaxValue;
        }

        return found;
    }
}
