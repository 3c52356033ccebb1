using System.Text;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Members of documents that may be absent.</summary>
internal static class Member
{
    /// <summary>Sets a text, unless it is null.</summary>
    public static void Set(this BsonDocument document, string name, string? value)
    {
        if (value is not null)
        {
            document[name] = WellFormed(value);
        }
    }

    /// <summary>Sets a number, unless it is null.</summary>
    public static void Set(this BsonDocument document, string name, long? value)
    {
        if (value is { } number)
        {
            document[name] = number;
        }
    }

    /// <summary>Sets a time in milliseconds, unless it is null.</summary>
    public static void Set(this BsonDocument document, string name, DateTimeOffset? value) =>
        document.Set(name, value?.ToUnixTimeMilliseconds());

    public static string? Text(this BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) ? value.AsString : null;

    public static long? Number(this BsonDocument document, string name) => document.TryGetValue(name, out var value) ? value.AsInt64 : null;

    public static DateTimeOffset? Time(this BsonDocument document, string name) =>
        document.Number(name) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>Replaces halves of surrogate pairs, which LiteDB refuses to write.</summary>
    private static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
