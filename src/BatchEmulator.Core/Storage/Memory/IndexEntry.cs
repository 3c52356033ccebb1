namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Entry of an index: the values by which it sorts, and the place of its resource, definition or job.</summary>
/// <param name="Index">Index of the entry.</param>
/// <param name="Group">Number that sorts first.</param>
/// <param name="Text">Text that sorts next, by its characters.</param>
/// <param name="Number">Number that sorts after that.</param>
/// <param name="Sequence">Place in the total order, which sorts last.</param>
internal readonly record struct IndexEntry(MemoryIndex Index, long Group, string Text, long Number, long Sequence)
{
    /// <summary>Group of entries that do not depend on a status.</summary>
    public const long AnyStatus = -1;

    public static IComparer<IndexEntry> Order { get; } = new EntryOrder();

    /// <summary>Returns true if two entries differ at most in their places.</summary>
    public bool IsBeside(IndexEntry other) =>
        Index == other.Index && Group == other.Group && Number == other.Number && string.Equals(Text, other.Text, StringComparison.Ordinal);

    private sealed class EntryOrder : IComparer<IndexEntry>
    {
        public int Compare(IndexEntry x, IndexEntry y) =>
            x.Index != y.Index ? x.Index.CompareTo(y.Index)
            : x.Group != y.Group ? x.Group.CompareTo(y.Group)
            : string.CompareOrdinal(x.Text, y.Text) is var order and not 0 ? order
            : x.Number != y.Number ? x.Number.CompareTo(y.Number)
            : x.Sequence.CompareTo(y.Sequence);
    }
}

/// <summary>Indexes, each with the sort values of its entries. Jobs that are parts of others have no entries.</summary>
internal enum MemoryIndex
{
    /// <summary>Number of the kind, scope.</summary>
    Resources,

    /// <summary>Scope with name, negative revision.</summary>
    DefinitionsByName,

    /// <summary>1 for active ones, 0 for inactive ones, and each once more for any status; scope with name, negative revision.</summary>
    DefinitionsPresent,

    /// <summary>Queue, status.</summary>
    JobsByStatus,

    /// <summary>Queue, share identifier, status.</summary>
    JobsByShare,

    /// <summary>Queue, time of creation.</summary>
    JobsByTime,

    /// <summary>Queue, name in lower case.</summary>
    JobsByName,

    /// <summary>Queue, place of the definition.</summary>
    JobsByDefinition,

    /// <summary>Time of the end.</summary>
    JobsByEnd,

    /// <summary>Scope with token.</summary>
    JobsByClientToken,

    /// <summary>Status, and each job once more for any status; consumable resource.</summary>
    Consumers,

    /// <summary>Status, and each job once more for any status; consumable resource with the job's name in lower case.</summary>
    ConsumersByName,
}
