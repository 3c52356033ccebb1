namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>
/// Terms and phrases, case sensitive: <c>ERROR "out of memory"</c> requires both, <c>?a ?b</c> requires one of them, <c>-c</c> excludes
/// one.
/// </summary>
/// <param name="required">Terms that must all occur.</param>
/// <param name="alternatives">
/// Terms of which one must occur, unless other terms are given: those decide alone, as in CloudWatch Logs.
/// </param>
/// <param name="excluded">Terms that must not occur.</param>
internal sealed class TermPattern(
    IReadOnlyList<TermPattern.Term> required,
    IReadOnlyList<TermPattern.Term> alternatives,
    IReadOnlyList<TermPattern.Term> excluded) : FilterPattern
{
    public static new TermPattern Parse(string text)
    {
        var reader = new PatternReader(text);
        List<Term> required = [], alternatives = [], excluded = [];
        for (reader.SkipSpace(); !reader.AtEnd; reader.SkipSpace())
        {
            var kind = reader.Take("?") ? alternatives : reader.Take("-") ? excluded : required;
            kind.Add(ReadTerm(reader));
        }

        return new(required, alternatives, excluded);
    }

    public override bool Matches(string message)
    {
        foreach (var term in required)
        {
            if (!term.IsIn(message))
            {
                return false;
            }
        }

        foreach (var term in excluded)
        {
            if (term.IsIn(message))
            {
                return false;
            }
        }

        if (alternatives.Count == 0 || required.Count + excluded.Count > 0)
        {
            return true;
        }

        foreach (var term in alternatives)
        {
            if (term.IsIn(message))
            {
                return true;
            }
        }

        return false;
    }

    private static Term ReadTerm(PatternReader reader)
    {
        switch (reader.Next)
        {
            case '"':
                return reader.TakeQuoted('"') is { Length: > 0 } phrase ? new(phrase, null) : throw InvalidTerm("\"\"");
            case '%':
                return new(null, PatternRegex.Parse(reader.TakeQuoted('%')));
            default:
                var term = reader.TakeWhile(c => !char.IsWhiteSpace(c));
                // Everything but letters, digits and underscores must be in quotes.
                return term.Length > 0 && term.All(c => char.IsLetterOrDigit(c) || c == '_') ? new(term, null) : throw InvalidTerm(term);
        }
    }

    private static LogsException InvalidTerm(string term) => LogsException.InvalidParameter($"Invalid character(s) in term '{term}'");

    internal readonly record struct Term(string? Text, PatternRegex? Regex)
    {
        public bool IsIn(string message) => Text is null ? Regex!.IsMatch(message) : message.Contains(Text, StringComparison.Ordinal);
    }
}
