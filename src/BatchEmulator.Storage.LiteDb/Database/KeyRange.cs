using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Keys from a first to a last one, both included.</summary>
internal readonly record struct KeyRange(byte[] First, byte[] Last)
{
    public bool IsEmpty => Compare(First, Last) > 0;

    /// <summary>Narrows the range to a key and those behind it.</summary>
    public KeyRange From(CompositeKey key) => From(key.Bytes);

    /// <summary>Narrows the range to the keys behind one and those that begin with it.</summary>
    public KeyRange Behind(CompositeKey key) => From(key.Behind);

    /// <summary>Narrows the range to the keys behind one.</summary>
    public KeyRange After(CompositeKey key) => After(key.Bytes);

    /// <summary>Narrows the range to a key and those before it. Longer keys that begin with it are not included.</summary>
    public KeyRange To(CompositeKey key) => To(key.Bytes);

    /// <summary>Returns the rest of a walk through the range that has reached a key.</summary>
    public KeyRange Rest(byte[] key, bool isDescending) => isDescending ? To(Before(key)) : After(key);

    /// <summary>Returns the key of a document under which a walk through the range finds it.</summary>
    public byte[] KeyOf(BsonArray keys)
    {
        foreach (var key in keys)
        {
            var bytes = key.AsBinary;
            if (Compare(bytes, First) >= 0 && Compare(bytes, Last) <= 0)
            {
                return bytes;
            }
        }

        throw new InvalidDataException("A document has none of the keys under which the index has it.");
    }

    /// <summary>Returns a key behind all keys of the same shape that come before one.</summary>
    private static byte[] Before(byte[] key) => key[^1] == 0 ? key[..^1] : [.. key[..^1], (byte)(key[^1] - 1), CompositeKey.Above];

    private KeyRange After(byte[] key) => From([.. key, 0]);

    private KeyRange To(byte[] last) => Compare(last, Last) < 0 ? this with { Last = last } : this;

    private KeyRange From(byte[] first) => Compare(first, First) > 0 ? this with { First = first } : this;

    private static int Compare(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);
}
