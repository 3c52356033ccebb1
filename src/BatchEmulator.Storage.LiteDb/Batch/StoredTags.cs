using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Storage;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>Tags as documents. They are JSON texts: the members of LiteDB's documents do not distinguish upper from lower case.</summary>
internal static class StoredTags
{
    private const string Document = "tags";

    public static IReadOnlyDictionary<string, string> Of(LiteDbSession session, string arn) =>
        session.Find(BatchSchema.Tags, arn) is { } document ? Read(document) : Tags.None;

    /// <summary>Adds tags to the values.</summary>
    public static IReadOnlyList<Tagged<T>> Add<T>(LiteDbSession session, IReadOnlyCollection<T> values, Func<T, string> arnOf)
    {
        var tags = session.FindAll(BatchSchema.Tags, values.Select(value => new BsonValue(arnOf(value))))
            .ToDictionary(document => document[LiteDbSession.Id].AsString, Read, StringComparer.Ordinal);
        return [.. values.Select(value => new Tagged<T>(value, tags.GetValueOrDefault(arnOf(value), Tags.None)))];
    }

    public static void Patch(LiteDbSession session, string arn, IReadOnlyDictionary<string, string?> patch)
    {
        var tags = new Dictionary<string, string>(Of(session, arn), StringComparer.Ordinal);
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                tags.Remove(key);
            }
            else
            {
                tags[key] = value;
            }
        }

        session.Upsert(BatchSchema.Tags, new BsonDocument
        {
            [LiteDbSession.Id] = arn,
            [Document] = JsonSerializer.Serialize(tags, StoredJson.Documents.IReadOnlyDictionaryStringString),
        });
    }

    public static void Remove(LiteDbSession session, string arn) => session.Delete(BatchSchema.Tags, [arn]);

    private static IReadOnlyDictionary<string, string> Read(BsonDocument document) =>
        JsonSerializer.Deserialize(document[Document].AsString, StoredJson.Documents.IReadOnlyDictionaryStringString)!;
}
