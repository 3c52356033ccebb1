using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Pages of the children of an array, or the nodes of a job, by index.</summary>
internal static class PartListing
{
    /// <param name="session">A snapshot.</param>
    /// <param name="places">Places of jobs.</param>
    /// <param name="query">The parts to list.</param>
    /// <param name="parentId">Id of the job that has the parts.</param>
    /// <param name="hasParts">Returns true if a job has parts of the listed kind.</param>
    public static JobPage Read(
        LiteDbSession session, PlaceTable places, JobQuery query, string parentId, Func<JobSpecification, bool> hasParts)
    {
        if (JobLookup.Find(session, places, query.Scope, parentId) is not { } parent || !hasParts(parent.Specification))
        {
            return new JobPage([]);
        }

        // No part has an index below 0, whatever the token.
        var index = query.After is { } place ? Math.Max(PartSequence.IndexOf(parent.Sequence, place.Sequence), -1) : -1;
        var documents = query.Status is { } status
            ? session.Walk(
                BatchSchema.Jobs,
                JobKeys.Parts(parent.Sequence, status).Range.After(JobKeys.Parts(parent.Sequence, status).Then(index)),
                query.Limit)
            : session.WalkIds(BatchSchema.Jobs, PartSequence.Of(parent.Sequence, index) + 1, PartSequence.Last(parent), query.Limit);
        return new([.. documents.Select(part => JobDocument.ReadPart(part, parent))]);
    }
}
