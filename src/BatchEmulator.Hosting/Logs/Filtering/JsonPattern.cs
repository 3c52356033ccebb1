using System.Text.Json;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>
/// A pattern on the members of messages that are JSON: <c>{ ($.level = "error") &amp;&amp; ($.code >= 500) }</c>. Other messages do not
/// match.
/// </summary>
internal sealed class JsonPattern : FilterPattern
{
    /// <summary>Maximum depth of parentheses.</summary>
    private const int MaximumDepth = 64;

    private readonly JsonExpression _expression;

    private JsonPattern(JsonExpression expression) => _expression = expression;

    /// <param name="text">Text between the braces.</param>
    public static new JsonPattern Parse(string text)
    {
        var reader = new PatternReader(text);
        var expression = ReadAny(reader, depth: 0);
        reader.SkipSpace();
        return reader.AtEnd ? new(expression) : throw PatternReader.Invalid();
    }

    public override bool Matches(string message)
    {
        if (message.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(message);
            return _expression.Matches(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, nested too deeply, or with text that is not Unicode.
            return false;
        }
    }

    private static JsonExpression ReadAny(PatternReader reader, int depth)
    {
        var parts = new List<JsonExpression>();
        do
        {
            parts.Add(ReadAll(reader, depth));
            reader.SkipSpace();
        }
        while (reader.Take("||"));
        return parts.Count == 1 ? parts[0] : new AnyOf(parts);
    }

    private static JsonExpression ReadAll(PatternReader reader, int depth)
    {
        var parts = new List<JsonExpression>();
        do
        {
            parts.Add(ReadOne(reader, depth));
            reader.SkipSpace();
        }
        while (reader.Take("&&"));
        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private static JsonExpression ReadOne(PatternReader reader, int depth)
    {
        reader.SkipSpace();
        if (!reader.Take("("))
        {
            return ReadCondition(reader);
        }

        var inner = depth < MaximumDepth ? ReadAny(reader, depth + 1) : throw PatternReader.Invalid("too many parentheses");
        reader.Expect(")");
        return inner;
    }

    private static JsonCondition ReadCondition(PatternReader reader)
    {
        var selector = JsonSelector.Read(reader);
        if (reader.TakeWord("IS"))
        {
            JsonPredicate test =
                reader.TakeWord("NULL") ? new KindPredicate(JsonValueKind.Null)
                : reader.TakeWord("TRUE") ? new KindPredicate(JsonValueKind.True)
                : reader.TakeWord("FALSE") ? new KindPredicate(JsonValueKind.False)
                : throw PatternReader.Invalid("after IS comes NULL, TRUE or FALSE");
            return new(selector, test);
        }

        if (reader.TakeWord("NOT"))
        {
            return reader.TakeWord("EXISTS") ? new(selector, MustExist: false) : throw PatternReader.Invalid("after NOT comes EXISTS");
        }

        return reader.TakeWord("EXISTS") ? new(selector, MustExist: true) : new(selector, ReadComparison(reader));
    }

    private static JsonPredicate ReadComparison(PatternReader reader)
    {
        reader.SkipSpace();
        // The longer operators first: "<=" begins as "<" does.
        string[] operators = ["!=", "<=", ">=", "=", "<", ">"];
        var sign = Array.Find(operators, reader.Take) ?? throw PatternReader.Invalid("a comparison is missing");
        reader.SkipSpace();
        if (reader.Next == '%')
        {
            return sign is "=" or "!="
                ? new RegexPredicate(PatternRegex.Parse(reader.TakeQuoted('%')), Negated: sign is "!=")
                : throw NotANumber(sign);
        }

        var isQuoted = reader.Next == '"';
        var text = isQuoted
            ? reader.TakeQuoted('"')
            : reader.TakeWhile(c => !char.IsWhiteSpace(c) && c is not ('(' or ')' or '&' or '|' or '"' or '=' or '<' or '>'));
        if (!isQuoted && text.Length == 0)
        {
            throw PatternReader.Invalid($"a value is missing after '{sign}'");
        }

        if (!isQuoted && NumberPredicate.Read(text) is { } number)
        {
            return new NumberPredicate(sign, number);
        }

        return sign is "=" or "!=" ? new TextPredicate(Wildcard.Anywhere(text), Negated: sign is "!=", isQuoted) : throw NotANumber(sign);
    }

    private static LogsException NotANumber(string sign) => PatternReader.Invalid($"'{sign}' compares with a number only");
}
