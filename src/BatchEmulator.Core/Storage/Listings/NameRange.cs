namespace BatchEmulator.Core.Storage.Listings;

/// <summary>
/// Names that a filter selects: any case, and a trailing <c>*</c> stands for any rest. Names are ASCII; their order is that of their
/// characters in lower case.
/// </summary>
public readonly record struct NameRange
{
    /// <param name="filter">A name, or its beginning with a trailing <c>*</c>.</param>
    public NameRange(string filter)
    {
        IsPrefix = filter.EndsWith('*');
        First = IsPrefix ? filter[..^1] : filter;
    }

    /// <summary>The only name, or the beginning of all: they follow each other in the index.</summary>
    public string First { get; }

    /// <summary>Returns true if <see cref="First"/> is the beginning of the names.</summary>
    public bool IsPrefix { get; }

    /// <summary>Returns true if the filter selects a name.</summary>
    public bool Includes(string name) => IsPrefix
        ? name.StartsWith(First, StringComparison.OrdinalIgnoreCase)
        : name.Equals(First, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a name in lower case, as indexes sort it; characters that are not ASCII stay.</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, name) =>
    {
        for (var index = 0; index < folded.Length; index++)
        {
            folded[index] = char.IsAsciiLetterUpper(name[index]) ? (char)(name[index] | ' ') : name[index];
        }
    });
}
