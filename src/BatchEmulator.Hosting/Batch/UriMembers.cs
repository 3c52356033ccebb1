using BatchEmulator.Contract;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace BatchEmulator.Hosting.Batch;

/// <summary>
/// Extracts the members of a request from its URI. The path is read in its raw form, since the server's own decoding would leave <c>%2F</c>
/// and turn <c>%25</c> into something that is then decoded again.
/// </summary>
internal sealed class UriMembers(string? label, IQueryCollection query) : IUriMembers
{
    /// <summary>Returns the path of the request as the client sent it, without the query.</summary>
    public static string RawPath(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/'))
        {
            // Absolute form, as sent to proxies.
            target = Uri.TryCreate(target, UriKind.Absolute, out var uri) ? uri.PathAndQuery : "";
        }

        var end = target.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? target : target[..end];
    }

    /// <summary>Decodes one label of a path, once.</summary>
    public static string Decode(string rawLabel) => Uri.UnescapeDataString(rawLabel);

    public string? Label(string name) => string.IsNullOrEmpty(label) ? null : label;

    public IReadOnlyList<string>? Query(string name)
    {
        var values = query[name];
        return StringValues.IsNullOrEmpty(values) ? null : [.. values.Select(v => v ?? "")];
    }
}
