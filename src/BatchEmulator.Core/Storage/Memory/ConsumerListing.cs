using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage.Listings;

namespace BatchEmulator.Core.Storage.Memory;

/// <summary>Pages of the jobs that need units of a consumable resource.</summary>
internal static class ConsumerListing
{
    public static IReadOnlyList<Job> Read(MemoryTables tables, ConsumerQuery query)
    {
        if (Arn.Parse(query.ResourceArn)?.Scope != query.Scope)
        {
            return [];
        }

        var group = (long?)query.Status ?? IndexEntry.AnyStatus;
        if (query.Name is not { } filter)
        {
            return Before(new(MemoryIndex.Consumers, group, query.ResourceArn, 0, query.After?.Sequence ?? long.MaxValue), query.Limit);
        }

        return new GroupedWalk((name, before, limit) => Before(Named(name) with { Sequence = before }, limit), NextName)
            .Read(Wildcard.AtEnd(filter, ignoresCase: true), query.After, query.Limit);

        List<Job> Before(IndexEntry end, int limit) =>
            [.. tables.Entries.BesideBefore(end).Take(limit).Select(entry => tables.Jobs[entry.Sequence].Value)];

        IndexEntry Named(string name) =>
            new(MemoryIndex.ConsumersByName, group, Entries.ConsumerText(query.ResourceArn, NameOrder.Fold(name)), 0, 0);

        string? NextName(string name, bool isIncluded)
        {
            var (first, ofResource) = (Named(name) with { Number = isIncluded ? 0 : 1 }, Entries.ConsumerText(query.ResourceArn, ""));
            return tables.Entries.From(first).Take(1)
                .Where(entry => entry.Index == first.Index
                    && entry.Group == group
                    && entry.Text.StartsWith(ofResource, StringComparison.Ordinal))
                .Select(entry => entry.Text[ofResource.Length..])
                .FirstOrDefault();
        }
    }
}
