using BatchEmulator.Storage.LiteDb.Database;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Tests.Database;

/// <summary>A file of numbered items of any size.</summary>
internal static class ItemFile
{
    public const string Items = "item";

    private static readonly LiteDbSchema Schema = new([session => session.CreateKeyedCollection(Items)]);

    public static LiteDbFile Open(string path) => new(path, Schema);

    public static BsonDocument Item(long id, int size) => new()
    {
        ["_id"] = id,
        ["size"] = size,
        ["filling"] = new byte[size],
        [LiteDbSession.Keys] = new BsonArray(CompositeKey.Of(1).ThenDescending(id).Value),
    };

    public static int Count(LiteDbFile file) => file.Read(session => session.WalkIds(Items, 0, long.MaxValue).Count());

    public static void Add(LiteDbFile file, int count, long? first = null, int size = 100) => file.Write(session =>
    {
        var next = first ?? (session.Find(Items, 0L) is null ? 0 : session.LastId(Items) + 1);
        session.Insert(Items, [.. Enumerable.Range(0, count).Select(i => Item(next + i, size))]);
    });
}
