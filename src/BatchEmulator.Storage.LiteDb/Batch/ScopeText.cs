using BatchEmulator.Core.Identity;

namespace BatchEmulator.Storage.LiteDb.Batch;

/// <summary>A scope as a text: <c>account/region</c>.</summary>
internal static class ScopeText
{
    public static string Of(Scope scope) => scope.ToString();

    public static Scope Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new Scope(text[..slash], text[(slash + 1)..]);
    }
}
