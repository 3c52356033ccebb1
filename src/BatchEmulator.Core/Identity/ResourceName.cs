using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Identity;

/// <summary>The names of resources: 1 to 128 letters, digits, hyphens and underscores.</summary>
internal static partial class ResourceName
{
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>Returns true for a job's name, which must start with a letter or a digit as well (API Reference, SubmitJob).</summary>
    public static bool IsValidJobName(string name) => JobNamePattern().IsMatch(name);

    /// <summary>Up to 255 characters, of which the last may be a <c>*</c> (API Reference, SubmitJob).</summary>
    public static bool IsValidShareIdentifier(string text) => ShareIdentifierPattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-zA-Z0-9_\-]{1,128}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_\-]{0,127}\z", RegexOptions.NonBacktracking)]
    private static partial Regex JobNamePattern();

    [GeneratedRegex(@"\A([a-zA-Z0-9_\-]{1,255}|[a-zA-Z0-9_\-]{1,254}\*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex ShareIdentifierPattern();
}
