using System.Buffers.Binary;
using System.Text;
using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// Parts of a key as bytes that sort as the parts do, one after the other. LiteDB compares bytes whatever its collation is.
/// </summary>
internal readonly struct CompositeKey
{
    private const byte TextEnd = 0;

    /// <summary>Above the first byte of any part: no UTF-8 contains it, and numbers beyond 2^62 do not occur.</summary>
    internal const byte Above = 0xff;

    private readonly byte[] _bytes;

    private CompositeKey(byte[] bytes) => _bytes = bytes;

    public BsonValue Value => new(_bytes);

    /// <summary>Returns all keys that begin with this one.</summary>
    public KeyRange Range => new(_bytes, Behind);

    /// <summary>Returns the smallest key behind those that begin with this one.</summary>
    internal byte[] Behind => [.. _bytes, Above];

    internal byte[] Bytes => _bytes;

    /// <summary>Begins a key with a number that distinguishes it from other kinds of keys in the same index.</summary>
    public static CompositeKey Of(byte kind) => new([kind]);

    public CompositeKey Then(long number)
    {
        var bytes = new byte[_bytes.Length + sizeof(long)];
        _bytes.CopyTo(bytes, 0);
        // Negative numbers sort before the others.
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(_bytes.Length), number ^ long.MinValue);
        return new(bytes);
    }

    /// <summary>Adds a number so that higher ones sort first.</summary>
    public CompositeKey ThenDescending(long number) => Then(~number);

    public CompositeKey Then(string text) => new([.. _bytes, .. Encoding.UTF8.GetBytes(text), TextEnd]);

    /// <summary>Reads a number of a key that consists of numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="index">Index of the number.</param>
    public static long NumberOf(byte[] key, int index) =>
        BinaryPrimitives.ReadInt64BigEndian(key.AsSpan(1 + (index * sizeof(long)))) ^ long.MinValue;

    /// <summary>Adds the beginning of a text, for ranges.</summary>
    public CompositeKey ThenPrefix(string text) => new([.. _bytes, .. Encoding.UTF8.GetBytes(text)]);
}
