using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Selects log groups.</summary>
/// <param name="Scope">Account and Region of the groups.</param>
/// <param name="Limit">Maximum number of groups.</param>
public sealed record LogGroupQuery(Scope Scope, int Limit)
{
    /// <summary>Beginning of the names; empty for any.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Text that the names contain, ignoring the case of ASCII letters; empty for any.</summary>
    public string Part { get; init; } = "";

    /// <summary>One of the classes of groups; null for any.</summary>
    public string? Class { get; init; }

    /// <summary>Name behind which the listing begins; empty for the start.</summary>
    public string After { get; init; } = "";
}
