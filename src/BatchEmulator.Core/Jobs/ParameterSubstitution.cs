using System.Text.RegularExpressions;
using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Core.Jobs;

/// <summary>Replaces <c>Ref::name</c> in commands by parameters (User Guide, "Job definition parameters", "Parameters").</summary>
internal static partial class ParameterSubstitution
{
    private const string Prefix = "Ref::";

    /// <summary>Returns the command with every placeholder replaced, also within longer arguments.</summary>
    /// <exception cref="ClientException">A placeholder has no value.</exception>
    public static IReadOnlyList<string> Apply(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> parameters)
    {
        IReadOnlyList<string> substituted = command.Any(a => a.Contains(Prefix, StringComparison.Ordinal))
            ? [.. command.Select(a => Apply(a, parameters))]
            : command;
        ContainerRules.CheckCommand(substituted);
        return substituted;
    }

    private static string Apply(string argument, IReadOnlyDictionary<string, string> parameters) =>
        argument.StartsWith(Prefix, StringComparison.Ordinal) && parameters.TryGetValue(argument[Prefix.Length..], out var whole)
            ? whole
            : PlaceholderPattern().Replace(argument, match => parameters.TryGetValue(match.Groups["name"].Value, out var value)
                ? value
                : throw ClientException.Refused(
                    $"Unable to substitute value. No parameter found for reference {match.Groups["name"].Value}"));

    [GeneratedRegex(@"Ref::(?<name>[A-Za-z0-9_\-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PlaceholderPattern();
}
