using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>A resource as a document. The numbers of the kinds of keys are stored: never change one.</summary>
internal static class ResourceDocument
{
    private const string Kind = "kind";
    private const string ResourceArn = "arn";
    private const string Scope = "scope";
    private const string Document = "document";

    public static CompositeKey OfArn(string arn) => CompositeKey.Of(1).Then(arn);

    /// <summary>Resources of a kind; followed by the place.</summary>
    public static CompositeKey Listed(ResourceKind kind, Scope scope) => CompositeKey.Of(2).Then(kind.Number).Then(ScopeText.Of(scope));

    public static BsonDocument Of(Resource resource) => new()
    {
        [LiteDbSession.Id] = resource.Sequence,
        [Kind] = resource.Kind.Number,
        [ResourceArn] = resource.Arn,
        [Scope] = ScopeText.Of(resource.Scope),
        [Document] = resource.Kind.Write(resource),
        [LiteDbSession.Keys] = new BsonArray(
            OfArn(resource.Arn).Value, Listed(resource.Kind, resource.Scope).Then(resource.Sequence).Value),
    };

    public static Resource Read(BsonDocument document) => KindOf(document).Read(document[Document].AsString);

    public static string ArnOf(BsonDocument document) => document[ResourceArn].AsString;

    public static bool IsIn(BsonDocument document, Scope scope) => document[Scope].AsString == ScopeText.Of(scope);

    /// <exception cref="InvalidDataException">A newer version has stored it.</exception>
    private static ResourceKind KindOf(BsonDocument document) => ResourceKinds.Find(document[Kind].AsInt32)
        ?? throw new InvalidDataException($"The database holds a resource of the unknown kind {document[Kind].AsInt32}.");
}
