using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>
/// A revision of a job definition as a document. Listings give the revisions of a name newest first. The numbers of the kinds of keys are
/// stored: never change one.
/// </summary>
internal static class DefinitionDocument
{
    private const string DefinitionArn = "arn";
    private const string Scope = "scope";
    private const string Purged = "purged";
    private const string Document = "document";

    public static CompositeKey OfArn(string arn) => CompositeKey.Of(1).Then(arn);

    /// <summary>Definitions that can be described; followed by name and revision.</summary>
    public static CompositeKey Listed(Scope scope) => CompositeKey.Of(2).Then(ScopeText.Of(scope));

    /// <summary>Definitions that are active or not; followed by name and revision.</summary>
    public static CompositeKey Listed(Scope scope, bool isActive) => CompositeKey.Of(3).Then(ScopeText.Of(scope)).Then(isActive ? 1 : 0);

    /// <summary>All definitions, including purged ones; followed by name and revision.</summary>
    public static CompositeKey Known(Scope scope) => CompositeKey.Of(4).Then(ScopeText.Of(scope));

    public static BsonDocument Of(JobDefinition definition) => Of(
        definition,
        isPurged: false,
        Listed(definition.Scope).Then(definition.Name).ThenDescending(definition.Revision),
        Listed(definition.Scope, definition.IsActive).Then(definition.Name).ThenDescending(definition.Revision));

    /// <summary>Returns a document that keeps only the number of a revision, so that it is never used again.</summary>
    public static BsonDocument OfPurged(JobDefinition definition) => Of(definition with { Specification = new() }, isPurged: true);

    public static JobDefinition Read(BsonDocument document) =>
        JsonSerializer.Deserialize(document[Document].AsString, StoredJson.Documents.StoredJobDefinition)!;

    public static string ArnOf(BsonDocument document) => document[DefinitionArn].AsString;

    public static bool IsPurged(BsonDocument document) => document.Number(Purged) is not null;

    /// <summary>Returns true if a definition can be described in a scope.</summary>
    public static bool IsIn(BsonDocument document, Scope scope) => !IsPurged(document) && document[Scope].AsString == ScopeText.Of(scope);

    private static BsonDocument Of(JobDefinition definition, bool isPurged, params IEnumerable<CompositeKey> listings)
    {
        CompositeKey[] keys =
        [
            OfArn(definition.Arn), Known(definition.Scope).Then(definition.Name).ThenDescending(definition.Revision), .. listings,
        ];
        var document = new BsonDocument
        {
            [LiteDbSession.Id] = definition.Sequence,
            [DefinitionArn] = definition.Arn,
            [Scope] = ScopeText.Of(definition.Scope),
            [Document] = JsonSerializer.Serialize(definition, StoredJson.Documents.StoredJobDefinition),
            [LiteDbSession.Keys] = new BsonArray(keys.Select(key => key.Value)),
        };
        document.Set(Purged, isPurged ? 1 : null);
        return document;
    }
}
