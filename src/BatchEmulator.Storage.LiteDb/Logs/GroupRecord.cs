using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>A log group within a transaction.</summary>
internal sealed class GroupRecord
{
    private const string Account = "account";
    private const string Region = "region";
    private const string Name = "name";
    private const string Created = "created";
    private const string Class = "class";
    private const string KmsKey = "kmsKey";
    private const string Protected = "protected";
    private const string Retention = "retention";
    private const string Bytes = "bytes";
    private const string TagTexts = "tags";

    public required long Id { get; init; }

    public required LogGroupKey Key { get; init; }

    public required long CreatedAt { get; init; }

    public required LogGroupSettings Settings { get; init; }

    public int? RetentionInDays { get; set; }

    public long StoredBytes { get; set; }

    /// <summary>Tags in the order of their keys.</summary>
    public SortedDictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);

    public static GroupRecord Read(BsonDocument document) => new()
    {
        Id = document[LiteDbSession.Id].AsInt64,
        Key = new(new Scope(document[Account].AsString, document[Region].AsString), document[Name].AsString),
        CreatedAt = document[Created].AsInt64,
        Settings = new(document[Class].AsString, document.Text(KmsKey), document.Number(Protected) is not null),
        RetentionInDays = (int?)document.Number(Retention),
        StoredBytes = document[Bytes].AsInt64,
        Tags = document.Text(TagTexts) is { } tags
            ? new(
                JsonSerializer.Deserialize(tags, StoredJson.Documents.IReadOnlyDictionaryStringString)!.ToDictionary(),
                StringComparer.Ordinal)
            : new(StringComparer.Ordinal),
    };

    public BsonDocument ToDocument()
    {
        List<CompositeKey> keys = [LogSchema.GroupsOf(Key.Scope).Then(Key.Name)];
        if (RetentionInDays is not null)
        {
            keys.Add(LogSchema.GroupsWithRetention.Then(Id));
        }

        var document = new BsonDocument
        {
            [LiteDbSession.Id] = Id,
            [LiteDbSession.Keys] = new BsonArray(keys.Select(key => key.Value)),
            [Account] = Key.Scope.Account,
            [Region] = Key.Scope.Region,
            [Created] = CreatedAt,
            [Bytes] = StoredBytes,
        };
        document.Set(Name, Key.Name);
        document.Set(Class, Settings.Class);
        document.Set(KmsKey, Settings.KmsKeyId);
        document.Set(Protected, Settings.IsDeletionProtected ? 1 : null);
        document.Set(Retention, RetentionInDays);
        // JSON: the members of LiteDB's documents do not distinguish upper from lower case.
        document.Set(
            TagTexts, Tags.Count > 0 ? JsonSerializer.Serialize(Tags, StoredJson.Documents.IReadOnlyDictionaryStringString) : null);
        return document;
    }

    public LogGroup ToGroup() => new(Key.Name, CreatedAt, Settings, RetentionInDays, StoredBytes);
}
