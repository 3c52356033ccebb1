using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>
/// Jobs grouped by name, the newest of each name first. The index holds the jobs of a name in ascending order, so that inserts append; it
/// is walked name by name, and each name's jobs backwards. That costs two index look-ups for each name.
/// </summary>
/// <param name="jobsOf">The jobs of a name before a place in the total order, at most so many.</param>
/// <param name="nextName">The next name after one (or that itself, if it is included), in any case.</param>
internal readonly struct GroupedWalk(Func<string, long, int, IReadOnlyList<Job>> jobsOf, Func<string, bool, string?> nextName)
{
    public IReadOnlyList<Job> Read(NameRange names, JobPlace? after, int limit)
    {
        var found = new List<Job>();
        var name = after?.JobName ?? (names.IsPrefix ? nextName(names.First, true) : names.First);
        var before = after?.Sequence ?? long.MaxValue;
        while (name is not null && names.Includes(name))
        {
            found.AddRange(jobsOf(name, before, limit - found.Count));
            name = names.IsPrefix && found.Count < limit ? nextName(name, false) : null;
            before = long.MaxValue;
        }

        return found;
    }
}
