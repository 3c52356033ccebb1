using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// ListConsumableResources: in the order of creation; filtered by name, in any case and with an optional trailing <c>*</c>.
/// </summary>
internal static class ListConsumableResources
{
    private const string NameFilter = "CONSUMABLE_RESOURCE_NAME";

    /// <summary>
    /// Maximum number that one request reads in a search for names: resources are listed in the order of creation, for which no index has
    /// names. A page may then be short without being the last.
    /// </summary>
    private const int Stride = 1_000;

    public static Wire.ListConsumableResourcesResponse Answer(
        IBatchQueries queries, Scope scope, Wire.ListConsumableResourcesRequest request)
    {
        var name = NameOf(request.Filters);
        var listing = ResourceListing.Of(
            scope, Arn.ConsumableResourceType, "ConsumableResources", null, request.MaxResults, request.NextToken);
        var (page, nextToken) = name is null
            ? listing.Cut(queries.Resources(ConsumableResource.Row, listing.Query), r => r.Value.Sequence)
            : Named(queries, listing, name);
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

    private static (IReadOnlyList<Tagged<ConsumableResource>> Page, string? NextToken) Named(
        IBatchQueries queries, ResourceListing listing, string name)
    {
        var read = queries.Resources(ConsumableResource.Row, listing.Query with { Limit = Stride });
        var wildcard = Wildcard.AtEnd(name, ignoresCase: true);
        var named = read.Where(r => wildcard.Matches(r.Value.Name)).ToList();
        return read.Count == Stride && named.Count <= listing.PageSize
            ? (named, listing.Token(read[^1].Value.Sequence))
            : listing.Cut(named, r => r.Value.Sequence);
    }
}
