namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>
/// The names that a filter selects: any case, and a trailing <c>*</c> stands for any rest. Names are ASCII, which is what NOCASE folds.
/// </summary>
internal readonly record struct NameRange
{
    public NameRange(string filter)
    {
        IsPrefix = filter.EndsWith('*');
        First = IsPrefix ? filter[..^1] : filter;
    }

    /// <summary>The only name, or the beginning of all: they follow each other in the index.</summary>
    public string First { get; }

    public bool IsPrefix { get; }

    public bool Includes(string name) => IsPrefix
        ? name.StartsWith(First, StringComparison.OrdinalIgnoreCase)
        : name.Equals(First, StringComparison.OrdinalIgnoreCase);
}
