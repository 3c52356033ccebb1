using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Finds jobs by their ids.</summary>
internal static class JobLookup
{
    /// <summary>Finds a job that is no part of another.</summary>
    /// <returns>Null if the scope has no such job.</returns>
    public static Job? Find(LiteDbSession session, PlaceTable places, Scope scope, string id) =>
        Wholes(session, places, scope, [id]).GetValueOrDefault(id);

    /// <summary>Finds jobs and parts of jobs, in the order of the ids; unknown ids are left out.</summary>
    public static IReadOnlyList<Job> Find(LiteDbSession session, PlaceTable places, Scope scope, IReadOnlyCollection<string> ids)
    {
        var wholes = Wholes(session, places, scope, ids.Select(id => JobIds.ParsePart(id)?.ParentId ?? id).Distinct());
        var parts = session.FindAll(BatchSchema.Jobs, ids.Select(id => PlaceOf(id, wholes)).OfType<BsonValue>())
            .Select(
                document => JobDocument.ReadPart(document, wholes.Values.Single(whole => whole.Sequence == JobDocument.ParentOf(document))))
            .ToDictionary(part => part.Id, StringComparer.Ordinal);
        return [.. ids.Select(id => wholes.GetValueOrDefault(id) ?? parts.GetValueOrDefault(id)).OfType<Job>()];
    }

    private static Dictionary<string, Job> Wholes(LiteDbSession session, PlaceTable places, Scope scope, IEnumerable<string> ids)
    {
        var wanted = ids.ToHashSet(StringComparer.Ordinal);
        return session
            .FindAll(
                BatchSchema.Jobs,
                wanted.SelectMany(id => places.Find(JobDirectory.HashOf(id))).Distinct().Select(place => new BsonValue(place)))
            .Where(document => JobDocument.ParentOf(document) is null)
            .Select(JobDocument.Read)
            // Of all places with a hash, only one may be that of the id.
            .Where(job => wanted.Contains(job.Id) && job.Scope == scope)
            .ToDictionary(job => job.Id, StringComparer.Ordinal);
    }

    /// <summary>Returns the place of a part of one of some jobs; null if the id is none.</summary>
    private static BsonValue? PlaceOf(string id, Dictionary<string, Job> wholes) =>
        JobIds.ParsePart(id) is var (parentId, index) && wholes.TryGetValue(parentId, out var parent) && index < parent.Specification.Parts
            ? PartSequence.Of(parent.Sequence, index)
            : null;
}
