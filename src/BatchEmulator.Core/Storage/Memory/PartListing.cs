using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Pages of the children of an array, or the nodes of a job, by index.</summary>
internal static class PartListing
{
    /// <remarks>
    /// There is no index of parts by status: a job has at most 10,000, and scanning all of them costs less than updating an index whenever
    /// one of them changes.
    /// </remarks>
    /// <param name="tables">Tables to read.</param>
    /// <param name="query">The parts to list.</param>
    /// <param name="parentId">Id of the job that has the parts.</param>
    /// <param name="isWhole">Returns true for a job that has parts of the listed kind.</param>
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
