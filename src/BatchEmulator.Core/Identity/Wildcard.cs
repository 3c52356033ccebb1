namespace BatchEmulator.Core.Identity;

/// <summary>A pattern in which <c>*</c> stands for any characters, or none.</summary>
public readonly record struct Wildcard
{
    private const char Star = '*';

    private readonly string _pattern;
    private readonly bool _isAtEnd;
    private readonly StringComparison _comparison;

    private Wildcard(string pattern, bool isAtEnd, StringComparison comparison) =>
        (_pattern, _isAtEnd, _comparison) = (pattern, isAtEnd, comparison);

    /// <summary>Text before the first <c>*</c>, with which every match begins; all of the pattern if it has none.</summary>
    public string Prefix => FindStar(_pattern) is >= 0 and var star ? _pattern[..star] : _pattern;

    /// <summary>Returns true if the pattern has no <c>*</c>, so that it matches its own text only.</summary>
    public bool IsExact => FindStar(_pattern) < 0;

    /// <summary>Parses a pattern in which every <c>*</c> is special.</summary>
    public static Wildcard Anywhere(string pattern) => new(pattern, isAtEnd: false, StringComparison.Ordinal);

    /// <summary>Parses a pattern in which only a final <c>*</c> is special, as in AWS Batch's filters and share identifiers.</summary>
    public static Wildcard AtEnd(string pattern, bool ignoresCase = false) =>
        new(pattern, isAtEnd: true, ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>
    /// Returns true if the pattern matches a whole text. One pass is sufficient: each part is matched at its first occurrence.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        var rest = _pattern.AsSpan();
        var star = FindStar(rest);
        if (star < 0)
        {
            return text.Equals(rest, _comparison);
        }

        if (!text.StartsWith(rest[..star], _comparison))
        {
            return false;
        }

        text = text[star..];
        rest = rest[(star + 1)..];
        while ((star = FindStar(rest)) >= 0)
        {
            var at = text.IndexOf(rest[..star], _comparison);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + star)..];
            rest = rest[(star + 1)..];
        }

        return text.EndsWith(rest, _comparison);
    }

    private int FindStar(ReadOnlySpan<char> pattern) => !_isAtEnd ? pattern.IndexOf(Star) : pattern is [.., Star] ? pattern.Length - 1 : -1;
}
