using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Pages of the children of an array, or the nodes of a job, by index.</summary>
internal static class PartListing
{
    /// <remarks>
    /// No index has the parts by status: a job has at most 10,000, and going through them all costs less than an index would cost each time
    /// that one of them changes.
    /// </remarks>
    /// <param name="tables">Where to read.</param>
    /// <param name="query">The parts to list.</param>
    /// <param name="parentId">The whole.</param>
    /// <param name="isWhole">Returns true for a job whose parts are of the kind that is asked for.</param>
    public static IReadOnlyList<Job> Read(MemoryTables tables, JobQuery query, string parentId, Func<Job, bool> isWhole)
    {
        if (tables.FindJob(query.Scope, parentId) is not { } parent || !isWhole(parent))
        {
            return [];
        }

        var first = query.After is { } place ? PartSequence.IndexOf(parent.Sequence, place.Sequence) + 1 : 0;
        return [.. tables.PartsOf(parent, first).Where(part => query.Status is null || part.Status == query.Status).Take(query.Limit)];
    }
}
