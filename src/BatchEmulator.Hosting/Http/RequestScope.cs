using BatchEmulator.Core.Identity;
using Microsoft.Extensions.Primitives;

namespace BatchEmulator.Hosting.Http;

/// <summary>
/// Reads account and Region from a request's credential scope, <c>Credential=AKID/date/region/service/aws4_request</c>. Credentials are not
/// verified; anything that the scope does not name has the default. A 12-digit access key is taken as the account.
/// </summary>
internal sealed class RequestScope(Scope defaults)
{
    private const string Marker = "Credential=";
    private const int MaximumRegionLength = 32;

    public Scope Of(HttpRequest request)
    {
        var credential = Credential(request);
        if (credential.IsEmpty)
        {
            return defaults;
        }

        Span<Range> parts = stackalloc Range[6];
        if (credential.Split(parts, '/') < 5)
        {
            return defaults;
        }

        var key = credential[parts[0]];
        var region = credential[parts[2]];
        return new Scope(
            key.Length == 12 && !key.ContainsAnyExceptInRange('0', '9') ? key.ToString() : defaults.Account,
            IsRegion(region) ? region.SequenceEqual(defaults.Region) ? defaults.Region : region.ToString() : defaults.Region);
    }

    private static ReadOnlySpan<char> Credential(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (!StringValues.IsNullOrEmpty(header) && header[0] is { } text)
        {
            var start = text.IndexOf(Marker, StringComparison.Ordinal);
            if (start < 0)
            {
                return default;
            }

            var rest = text.AsSpan(start + Marker.Length);
            var end = rest.IndexOfAny(',', ' ');
            return end < 0 ? rest : rest[..end];
        }

        return request.Query.TryGetValue("X-Amz-Credential", out var query) ? query.ToString() : default;
    }

    private static bool IsRegion(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return text.Length is > 0 and <= MaximumRegionLength;
    }
}
