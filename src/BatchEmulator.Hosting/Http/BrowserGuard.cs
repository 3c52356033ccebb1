using System.Net;
using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Http;

/// <summary>
/// Keeps web pages out. A submitted job is code that runs, and a browser sends requests for any open page, so requests from a page of
/// another site are refused (<c>Origin</c>, <c>Sec-Fetch-Site</c>), and so are requests to a host name that someone else could have pointed
/// here (DNS rebinding). SDKs send neither header and are not affected.
/// </summary>
internal sealed class BrowserGuard(IReadOnlyList<string> allowedHosts)
{
    private const int MaximumQuotedLength = 100;

    private readonly HashSet<string> _allowed = new(allowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the reason for refusing the request; null if it is accepted.</summary>
    public string? Refusal(HttpRequest request)
    {
        if (!IsKnownHost(request.Host.Host))
        {
            return $"The host name {Excerpt.Of(request.Host.Host, MaximumQuotedLength)} is not one that this server answers to; "
                + "--allowed-hosts adds names.";
        }

        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site && site is not ("same-origin" or "none"))
        {
            return "Requests from web pages of other sites are refused.";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsOwn(origin, request) ? null : "Requests from web pages of other sites are refused.";
    }

    private bool IsKnownHost(string host)
    {
        host = host.TrimEnd('.');
        return host.Length > 0
            && (!host.Contains('.', StringComparison.Ordinal)
                || IPAddress.TryParse(host, out _)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                || host.Equals("host.docker.internal", StringComparison.OrdinalIgnoreCase)
                || _allowed.Contains(host));
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is ("http" or "https")
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
