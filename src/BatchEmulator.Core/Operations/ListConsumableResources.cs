using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Ports;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>ListConsumableResources: in the order of creation; by name, in any case and with a trailing <c>*</c>, if a filter says so.</summary>
public static class ListConsumableResources
{
    private const string NameFilter = "CONSUMABLE_RESOURCE_NAME";

    /// <summary>How many are read at once while names are looked for.</summary>
    private const int Stride = 1_000;

    public static Wire.ListConsumableResourcesResponse Answer(IBatchQueries queries, Scope scope, Wire.ListConsumableResourcesRequest request)
    {
        var name = NameOf(request.Filters);
        var listing = ResourceListing.Of(scope, Arn.ConsumableResourceType, "ConsumableResources", null, request.MaxResults, request.NextToken);
        var (page, nextToken) = listing.Cut(name is null ? queries.ConsumableResources(listing.Query) : Named(queries, listing.Query, name), r => r.Value.Sequence);
        return new() { ConsumableResources = [.. page.Select(r => r.Value.ToSummary())], NextToken = nextToken };
    }

    private static string? NameOf(IReadOnlyList<Wire.KeyValuesPair>? filters)
    {
        if (filters is not { Count: > 0 })
        {
            return null;
        }

        Require(filters.Count == 1, OpenTexts.OneFilter);
        Require(filters[0].Name == NameFilter, OpenTexts.ConsumableFilterName);
        Require(filters[0].Values is { Count: 1 }, OpenTexts.OneFilterValue);
        return filters[0].Values![0];
    }

    private static List<Tagged<ConsumableResource>> Named(IBatchQueries queries, ResourceQuery query, string name)
    {
        var found = new List<Tagged<ConsumableResource>>();
        for (var after = query.After; found.Count < query.Limit;)
        {
            var some = queries.ConsumableResources(query with { After = after, Limit = Stride });
            found.AddRange(some.Where(r => IsNamed(r.Value.Name, name)));
            if (some.Count < Stride)
            {
                break;
            }

            after = some[^1].Value.Sequence;
        }

        return [.. found.Take(query.Limit)];
    }

    private static bool IsNamed(string name, string filter) => filter.EndsWith('*')
        ? name.StartsWith(filter[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(name, filter, StringComparison.OrdinalIgnoreCase);
}
