using LiteDB;
using LiteDB.Engine;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// Reads and writes of one engine, with LiteDB's own documents, without a mapper. Every look-up uses an index: the primary key, or the keys
/// that a document lists in its member <see cref="Keys"/>. Used by one thread at a time.
/// </summary>
internal sealed class LiteDbSession(LiteEngine engine)
{
    public const string Id = "_id";

    /// <summary>
    /// Member for the keys of a document: each of them is in the index of its collection, and a document may have any number of them.
    /// </summary>
    public const string Keys = "keys";

    private const string IndexExpression = $"$.{Keys}[*]";

    /// <summary>
    /// Maximum number of documents that one query reads. A query keeps all the pages that it reads; a walk that takes many queries keeps
    /// few.
    /// </summary>
    private const int LargestChunk = 500;

    private const int SmallestChunk = 32;

    private static readonly BsonExpression ById = BsonExpression.Create($"$.{Id}");
    private static readonly BsonExpression ByKey = BsonExpression.Create(IndexExpression);

    // Conditions are parsed once; the engine evaluates the values when a query begins.
    private readonly BsonExpression _isOneOfIds = BsonExpression.Create($"$.{Id} IN @0", BsonValue.Null);
    private readonly BsonExpression _isBetweenIds = BsonExpression.Create($"$.{Id} BETWEEN @0 AND @1", BsonValue.Null, BsonValue.Null);
    private readonly BsonExpression _hasOneOfKeys = BsonExpression.Create($"{IndexExpression} ANY IN @0", BsonValue.Null);
    private readonly BsonExpression _hasKeyBetween = BsonExpression.Create(
        $"{IndexExpression} ANY BETWEEN @0 AND @1", BsonValue.Null, BsonValue.Null);

    /// <summary>Creates a collection of documents with keys.</summary>
    public void CreateKeyedCollection(string collection) =>
        engine.EnsureIndex(collection, Keys, BsonExpression.Create(IndexExpression), unique: false);

    public BsonDocument? Find(string collection, BsonValue id) => FindAll(collection, [id]).FirstOrDefault();

    /// <summary>Finds documents by their ids, in any order.</summary>
    public List<BsonDocument> FindAll(string collection, IEnumerable<BsonValue> ids) => Query(collection, _isOneOfIds, new BsonArray(ids));

    public BsonDocument? FindByKey(string collection, CompositeKey key) => FindAllByKey(collection, [key]).FirstOrDefault();

    /// <summary>Finds documents by their keys, in any order.</summary>
    public List<BsonDocument> FindAllByKey(string collection, IEnumerable<CompositeKey> keys) =>
        Query(collection, _hasOneOfKeys, new BsonArray(keys.Select(key => key.Value)));

    /// <summary>Reads documents in the order of their keys in a range, or in reverse order.</summary>
    public IEnumerable<BsonDocument> Walk(string collection, KeyRange range, int limit = int.MaxValue, bool isDescending = false) => Chunks(
        limit,
        count => range.IsEmpty ? [] : Query(collection, _hasKeyBetween, range.First, range.Last, count, isDescending),
        last => range = range.Rest(range.KeyOf(last[Keys].AsArray), isDescending));

    /// <summary>Reads documents whose ids are composite keys, in the order of their ids or in reverse order.</summary>
    public IEnumerable<BsonDocument> WalkIds(
        string collection, KeyRange range, int limit = int.MaxValue, bool isDescending = false) => Chunks(
        limit,
        count => range.IsEmpty ? [] : Query(collection, _isBetweenIds, range.First, range.Last, count, isDescending),
        last => range = range.Rest(last[Id].AsBinary, isDescending));

    /// <summary>Reads documents whose ids are numbers, in the order of their ids.</summary>
    public IEnumerable<BsonDocument> WalkIds(string collection, long first, long last, int limit = int.MaxValue) => Chunks(
        limit,
        count => first > last ? [] : Query(collection, _isBetweenIds, first, last, count),
        document => first = document[Id].AsInt64 + 1);

    /// <summary>Returns the highest id of a collection whose ids are numbers; 0 if it is empty.</summary>
    public long LastId(string collection)
    {
        var query = new Query { OrderBy = ById, Order = LiteDB.Query.Descending, Limit = 1 };
        return Read(collection, query) is [var last] ? last[Id].AsInt64 : 0;
    }

    public void Insert(string collection, params IReadOnlyCollection<BsonDocument> documents)
    {
        if (documents.Count > 0)
        {
            engine.Insert(collection, documents, BsonAutoId.ObjectId);
        }
    }

    /// <returns>Number of documents that existed.</returns>
    public int Update(string collection, IReadOnlyCollection<BsonDocument> documents) =>
        documents.Count > 0 ? engine.Update(collection, documents) : 0;

    /// <summary>Inserts a document, or replaces the one with its id.</summary>
    /// <returns>True if it was inserted.</returns>
    public bool Upsert(string collection, BsonDocument document) => engine.Upsert(collection, [document], BsonAutoId.ObjectId) == 1;

    /// <returns>Number of documents that existed.</returns>
    public int Delete(string collection, params IReadOnlyCollection<BsonValue> ids) => ids.Count > 0 ? engine.Delete(collection, ids) : 0;

    /// <summary>
    /// Makes a walk of queries, each of which continues the one before. The first ones of a walk without a limit are small, since it may be
    /// abandoned.
    /// </summary>
    private static IEnumerable<BsonDocument> Chunks(int limit, Func<int, List<BsonDocument>> read, Action<BsonDocument> goOnAfter)
    {
        var size = limit < int.MaxValue ? LargestChunk : SmallestChunk;
        while (limit > 0)
        {
            size = Math.Min(limit, size);
            var chunk = read(size);
            foreach (var document in chunk)
            {
                yield return document;
            }

            if (chunk.Count < size)
            {
                yield break;
            }

            goOnAfter(chunk[^1]);
            limit -= size;
            size = Math.Min(size * 2, LargestChunk);
        }
    }

    private List<BsonDocument> Query(string collection, BsonExpression condition, BsonValue values)
    {
        condition.Parameters["0"] = values;
        return Read(collection, new Query { Where = { condition } });
    }

    private List<BsonDocument> Query(
        string collection, BsonExpression condition, BsonValue first, BsonValue last, int limit, bool isDescending = false)
    {
        condition.Parameters["0"] = first;
        condition.Parameters["1"] = last;
        var query = new Query { Where = { condition }, Limit = limit };
        if (isDescending)
        {
            // The engine walks the index of the condition backwards: it need not sort.
            (query.OrderBy, query.Order) = (condition == _isBetweenIds ? ById : ByKey, LiteDB.Query.Descending);
        }

        return Read(collection, query);
    }

    private List<BsonDocument> Read(string collection, Query query)
    {
        var found = new List<BsonDocument>();
        using var rows = engine.Query(collection, query);
        while (rows.Read())
        {
            found.Add(rows.Current.AsDocument);
        }

        return found;
    }
}
