using System.Globalization;
using System.Text.RegularExpressions;
using BatchEmulator.Core.Identity;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Reference to a job definition in a request: <c>name</c>, <c>name:revision</c>, or an ARN with or without a revision.</summary>
/// <param name="Name">The definition's name.</param>
/// <param name="Revision">Revision; null for the latest ACTIVE one.</param>
/// <param name="IsOfScope">True if the definition can belong to the caller's account and Region.</param>
public sealed partial record JobDefinitionReference(string Name, int? Revision, bool IsOfScope)
{
    /// <exception cref="ClientException">The text is no valid reference.</exception>
    public static JobDefinitionReference Parse(Scope scope, string text)
    {
        var reference = TryParse(scope, text);
        RequireState(reference is not null, $"Provided name {text} is not supported pattern[a-zA-Z_0-9-]{{1,128}}");
        return reference!;
    }

    /// <summary>Parses a reference; null if the text is none.</summary>
    public static JobDefinitionReference? TryParse(Scope scope, string text)
    {
        var arn = Arn.Parse(text);
        var match = ReferencePattern().Match(arn?.Type == Arn.JobDefinitionType ? arn.Name : text);
        return !match.Success ? null : new(
            match.Groups["name"].Value,
            match.Groups["revision"] is { Success: true } revision ? int.Parse(revision.Value, CultureInfo.InvariantCulture) : null,
            arn is null || arn.Scope == scope);
    }

    [GeneratedRegex(@"\A(?<name>[a-zA-Z_0-9\-]{1,128})(:(?<revision>[0-9]{1,9}))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex ReferencePattern();
}
