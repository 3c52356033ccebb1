using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>ListQuotaShares: the shares of a queue, in the order of creation.</summary>
internal static class ListQuotaShares
{
    private const string Listing = "quota-shares";

    public static Wire.ListQuotaSharesResponse Answer(IBatchQueries queries, Scope scope, Wire.ListQuotaSharesRequest request)
    {
        var pageSize = Paging.PageSize(request.MaxResults);
        var after = Paging.Place(Listing, request.NextToken, fallback: 0);
        var queue = JobListing.FindQueue(queries, scope, request.JobQueue!);
        // All shares of the scope are read: there are few.
        var shares = queries.Resources(QuotaShare.Row, new ResourceQuery(scope, null, after, int.MaxValue))
            .Select(share => share.Value)
            .Where(share => share.JobQueueArn == queue.Arn)
            .Take(pageSize + 1)
            .ToList();
        var (page, nextToken) = Paging.Cut(
            shares, pageSize, last => Paging.Token(Listing, last.Sequence.ToString(CultureInfo.InvariantCulture)));
        return new() { QuotaShares = [.. page.Select(share => share.ToWire())], NextToken = nextToken };
    }
}
