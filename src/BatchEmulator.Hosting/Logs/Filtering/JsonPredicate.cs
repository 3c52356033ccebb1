using System.Globalization;
using System.Text.Json;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>Condition on one value.</summary>
internal abstract record JsonPredicate
{
    public abstract bool Holds(JsonElement value);

    /// <summary>Returns a single value as text; null for objects and arrays, for which no comparison holds.</summary>
    protected static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object or JsonValueKind.Array => null,
        _ => value.GetRawText(),
    };
}

/// <summary>IS NULL, IS TRUE, IS FALSE.</summary>
internal sealed record KindPredicate(JsonValueKind Kind) : JsonPredicate
{
    public override bool Holds(JsonElement value) => value.ValueKind == Kind;
}

/// <summary>Compares numbers; a text that looks like a number is not one.</summary>
internal sealed record NumberPredicate(string Sign, double Number) : JsonPredicate
{
    public static double? Read(string text) =>
        text[0] is '+' or '-' or '.' or (>= '0' and <= '9')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    public override bool Holds(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var found))
        {
            // Something that is not a number differs from every number.
            return Sign is "!=" && TextOf(value) is not null;
        }

        return Sign switch
        {
            "=" => found.Equals(Number),
            "!=" => !found.Equals(Number),
            "<" => found < Number,
            "<=" => found <= Number,
            ">" => found > Number,
            _ => found >= Number,
        };
    }
}

/// <summary>Compares texts. A value without quotes also matches numbers and booleans in that notation: <c>$.status = 4*</c>.</summary>
internal sealed record TextPredicate(Wildcard Wildcard, bool Negated, bool TextOnly) : JsonPredicate
{
    public override bool Holds(JsonElement value)
    {
        if (TextOf(value) is not { } text)
        {
            return false;
        }

        var comparable = value.ValueKind == JsonValueKind.String || (!TextOnly && value.ValueKind != JsonValueKind.Null);
        return (comparable && Wildcard.Matches(text)) != Negated;
    }
}

internal sealed record RegexPredicate(PatternRegex Regex, bool Negated) : JsonPredicate
{
    public override bool Holds(JsonElement value) => TextOf(value) is { } text && Regex.IsMatch(text) != Negated;
}
