using System.Collections.Immutable;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Walks along an index. Finding the beginning costs a look-up, and so does each step.</summary>
internal static class IndexWalks
{
    /// <summary>Walks up from an entry, which need not exist.</summary>
    public static IEnumerable<IndexEntry> From(this ImmutableSortedSet<IndexEntry> entries, IndexEntry first)
    {
        for (var position = entries.PositionOf(first); position < entries.Count; position++)
        {
            yield return entries[position];
        }
    }

    /// <summary>Walks down from the entry before one, which need not exist.</summary>
    public static IEnumerable<IndexEntry> Before(this ImmutableSortedSet<IndexEntry> entries, IndexEntry end)
    {
        for (var position = entries.PositionOf(end) - 1; position >= 0; position--)
        {
            yield return entries[position];
        }
    }

    /// <summary>Walks down from the entry before one as long as only the place differs: from newer to older.</summary>
    public static IEnumerable<IndexEntry> BesideBefore(this ImmutableSortedSet<IndexEntry> entries, IndexEntry end) =>
        entries.Before(end).TakeWhile(entry => entry.IsBeside(end));

    /// <summary>Counts the entries of a group.</summary>
    public static long Count(this ImmutableSortedSet<IndexEntry> entries, MemoryIndex index, long group) =>
        entries.PositionOf(new(index, group + 1, "", 0, 0)) - entries.PositionOf(new(index, group, "", 0, 0));

    private static int PositionOf(this ImmutableSortedSet<IndexEntry> entries, IndexEntry entry)
    {
        var position = entries.IndexOf(entry);
        return position < 0 ? ~position : position;
    }
}
