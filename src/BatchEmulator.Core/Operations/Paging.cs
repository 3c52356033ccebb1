using System.Globalization;
using System.Text;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// maxResults and nextToken of the paginated operations. A token identifies the end of the last page, so that it survives changes in
/// between.
/// </summary>
internal static class Paging
{
    public const int DefaultPage = 100;

    /// <param name="maxResults">Value of the caller.</param>
    /// <param name="maximum">Maximum page size of the operation.</param>
    public static int PageSize(int? maxResults, int maximum = DefaultPage)
    {
        Require(maxResults is null || (maxResults >= 1 && maxResults <= maximum), OpenTexts.PageSize(maximum));
        return maxResults ?? Math.Min(DefaultPage, maximum);
    }

    public static void RefuseBoth(IReadOnlyList<string>? names, int? maxResults, string field) =>
        Require(names is not { Count: > 0 } || maxResults is null, $"{field} and MaxResults cannot both be set");

    /// <summary>Returns an opaque token for a place in a listing.</summary>
    /// <param name="listing">Name of the listing; a token of another listing is refused.</param>
    /// <param name="place">End of the page.</param>
    public static string Token(string listing, string place) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{listing}:{place}"));

    public static string? Place(string listing, string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        var bytes = new byte[token.Length];
        Require(Convert.TryFromBase64String(token, bytes, out var length), OpenTexts.NextToken);
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        Require(text.StartsWith(listing + ":", StringComparison.Ordinal), OpenTexts.NextToken);
        return text[(listing.Length + 1)..];
    }

    public static long Place(string listing, string? token, long fallback)
    {
        if (Place(listing, token) is not { } place)
        {
            return fallback;
        }

        Require(long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number), OpenTexts.NextToken);
        return number;
    }

    /// <summary>Truncates a list that was read one longer than the page, and returns the token of the next page if there is one.</summary>
    public static (IReadOnlyList<T> Page, string? NextToken) Cut<T>(IReadOnlyList<T> items, int pageSize, Func<T, string> token) =>
        items.Count <= pageSize ? (items, null) : ([.. items.Take(pageSize)], token(items[pageSize - 1]));
}
