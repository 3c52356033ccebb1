using BatchEmulator.Core.Identity;
using BatchEmulator.Core.ServiceEnvironments;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>DescribeServiceEnvironments: unknown names are left out.</summary>
internal static class DescribeServiceEnvironments
{
    public static Wire.DescribeServiceEnvironmentsResponse Answer(
        IBatchQueries queries, Scope scope, Wire.DescribeServiceEnvironmentsRequest request)
    {
        var listing = ResourceListing.Of(
            scope, Arn.ServiceEnvironmentType, "ServiceEnvironments", request.ServiceEnvironments, request.MaxResults, request.NextToken);
        var (page, nextToken) = listing.Cut(queries.Resources(ServiceEnvironment.Row, listing.Query), e => e.Value.Sequence);
        return new() { ServiceEnvironments = [.. page.Select(e => e.Value.ToWire(e.Tags))], NextToken = nextToken };
    }
}
