using System.Globalization;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeComputeEnvironments: unknown names are left out.</summary>
internal static class DescribeComputeEnvironments
{
    public static Wire.DescribeComputeEnvironmentsResponse Answer(
        IBatchQueries queries, Scope scope, Wire.DescribeComputeEnvironmentsRequest request)
    {
        var listing = ResourceListing.Of(
            scope, Arn.ComputeEnvironmentType, "ComputeEnvironments", request.ComputeEnvironments, request.MaxResults, request.NextToken);
        var (page, nextToken) = listing.Cut(queries.Resources(ComputeEnvironment.Row, listing.Query), e => e.Value.Sequence);
        return new() { ComputeEnvironments = [.. page.Select(e => e.Value.ToWire(e.Tags))], NextToken = nextToken };
    }
}

/// <summary>Paginated listing of resources by name or of all.</summary>
internal sealed record ResourceListing(string Type, ResourceQuery Query, int PageSize)
{
    public static ResourceListing Of(
        Scope scope, string type, string field, IReadOnlyList<string>? names, int? maxResults, string? nextToken)
    {
        Paging.RefuseBoth(names, maxResults, field);
        var pageSize = names is { Count: > 0 } ? names.Count : Paging.PageSize(maxResults);
        var arns = names is { Count: > 0 } ? names.Select(n => Arn.Resolve(scope, type, n)).Distinct().ToList() : null;
        return new(type, new ResourceQuery(scope, arns, Paging.Place(type, nextToken, fallback: 0), pageSize + 1), pageSize);
    }

    public (IReadOnlyList<T> Page, string? NextToken) Cut<T>(IReadOnlyList<T> items, Func<T, long> place) =>
        Paging.Cut(items, PageSize, item => Token(place(item)));

    public string Token(long place) => Paging.Token(Type, place.ToString(CultureInfo.InvariantCulture));
}
