using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Pages of job definitions: by name, of each name the newest revision first.</summary>
internal static class DefinitionListing
{
    public static IReadOnlyList<JobDefinition> Read(LiteDbSession session, JobDefinitionQuery query) =>
        [.. Documents(session, query).Select(DefinitionDocument.Read)];

    private static IEnumerable<BsonDocument> Documents(LiteDbSession session, JobDefinitionQuery query)
    {
        if (query.Arns is { } arns)
        {
            // In the order in which they are used.
            return arns.Select(arn => session.FindByKey(BatchSchema.Definitions, DefinitionDocument.OfArn(arn))).OfType<BsonDocument>()
                .Where(document => DefinitionDocument.IsIn(document, query.Scope));
        }

        var listed = query.IsActive is { } isActive
            ? DefinitionDocument.Listed(query.Scope, isActive)
            : DefinitionDocument.Listed(query.Scope);
        var range = (query.Name is { } name ? listed.Then(name) : listed).Range;
        return session.Walk(
            BatchSchema.Definitions,
            query.After is var (lastName, lastRevision) ? range.After(listed.Then(lastName).ThenDescending(lastRevision)) : range,
            query.Limit);
    }
}
