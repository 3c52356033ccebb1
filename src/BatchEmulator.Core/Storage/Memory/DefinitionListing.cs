using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Pages of job definitions: by name, of each name the newest revision first.</summary>
internal static class DefinitionListing
{
    public static IEnumerable<JobDefinition> Read(MemoryTables tables, JobDefinitionQuery query)
    {
        var group = query.IsActive is { } isActive ? Entries.Group(isActive) : IndexEntry.AnyStatus;
        // Names begin after the blank that follows the scope.
        var listed = Entries.Scoped(query.Scope, query.Name ?? "");
        var first = new IndexEntry(MemoryIndex.DefinitionsPresent, group, listed, long.MinValue, 0);
        if (query.After is var (name, revision))
        {
            var next = first with { Text = Entries.Scoped(query.Scope, name), Number = -revision + 1 };
            first = IndexEntry.Order.Compare(next, first) > 0 ? next : first;
        }

        return tables.Entries.From(first)
            .TakeWhile(entry => entry.Index == first.Index && entry.Group == group
                && (query.Name is null ? entry.Text.StartsWith(listed, StringComparison.Ordinal) : entry.Text == listed))
            .Take(query.Limit)
            .Select(entry => tables.Definitions[entry.Sequence].Value);
    }
}
