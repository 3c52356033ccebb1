using System.Text.RegularExpressions;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>
/// A regular expression between percent signs, with the few operators that CloudWatch Logs allows (documentation page "Supported regular
/// expressions (regex) syntax"). Matched without backtracking and with a time limit.
/// </summary>
internal sealed class PatternRegex
{
    private const string Symbols = ":_#=@/;,- ^$?[]{}|\\*+.";

    private readonly Regex _regex;

    private PatternRegex(Regex regex) => _regex = regex;

    public static PatternRegex Parse(string text)
    {
        if (text.Length == 0 || !text.All(c => char.IsAsciiLetterOrDigit(c) || Symbols.Contains(c, StringComparison.Ordinal)))
        {
            throw PatternReader.Invalid($"the regular expression '{text}' has characters that are not supported");
        }

        try
        {
            return new(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LogLimits.MaximumScanTime));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw PatternReader.Invalid($"the regular expression '{text}' is malformed or not supported");
        }
    }

    public bool IsMatch(string message)
    {
        try
        {
            return _regex.IsMatch(message);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
