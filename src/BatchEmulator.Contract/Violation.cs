using System.Globalization;
using System.Text.RegularExpressions;

namespace BatchEmulator.Contract;

/// <summary>A constraint of the API model that a request breaks.</summary>
/// <param name="Path">Path from the request's root: <c>containerOverrides.environment[2]</c>; empty for the value itself.</param>
/// <param name="Rule">The violated rule, to be read after the path: <c>is required.</c></param>
public sealed record Violation(string Path, string Rule)
{
    public override string ToString() => $"{Path} {Rule}";

    /// <summary>Returns the same violation seen from the structure that holds the value as <paramref name="member"/>.</summary>
    public Violation Under(string member) => this with
    {
        Path = Path.Length == 0 || Path[0] == '[' ? member + Path : $"{member}.{Path}",
    };

    public static Violation Required(string member) => new(member, "is required.");

    public static Violation? InText(string value, int? min, int? max, Regex? pattern)
    {
        if (value.Length < min || value.Length > max)
        {
            return new("", $"must have a length {Between(min, max)}, got {value.Length}.");
        }

        return pattern?.IsMatch(value) == false ? new("", "should match a valid pattern.") : null;
    }

    public static Violation? InRange(long value, long? min, long? max) =>
        value < min || value > max ? new("", $"must be {Between(min, max)}, got {value}.") : null;

    public static Violation? InEnum(string value, IReadOnlyList<string> known) =>
        known.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null
            : new("", $"{Shortened(value)} is not valid. Valid values are: [{string.Join(", ", known)}]");

    public static Violation? InList<T>(IReadOnlyList<T> value, int? min, int? max, Func<T, Violation?>? element)
    {
        if (value.Count < min || value.Count > max)
        {
            return new("", $"must have a size {Between(min, max)}, got {value.Count}.");
        }

        for (var i = 0; i < value.Count; i++)
        {
            if (value[i] is null)
            {
                return new($"[{i}]", "must not be null.");
            }

            if (element?.Invoke(value[i]) is { } violation)
            {
                return violation.Under($"[{i}]");
            }
        }

        return null;
    }

    public static Violation? InMap<T>(
        IReadOnlyDictionary<string, T> value, int? min, int? max, Func<string, Violation?>? key, Func<T, Violation?>? element)
    {
        if (value.Count < min || value.Count > max)
        {
            return new("", $"must have a size {Between(min, max)}, got {value.Count}.");
        }

        foreach (var (name, item) in value)
        {
            if (item is null)
            {
                return new($"[{Shortened(name)}]", "must not be null.");
            }

            if (key?.Invoke(name) is { } inKey)
            {
                return inKey.Under($"key {Shortened(name)}");
            }

            if (element?.Invoke(item) is { } inValue)
            {
                return inValue.Under($"[{Shortened(name)}]");
            }
        }

        return null;
    }

    /// <summary>Returns a caller's text, short enough for a message.</summary>
    private static string Shortened(string text) => text.Length <= 256 ? text : string.Concat(text.AsSpan(0, 256), "...");

    private static string Between(long? min, long? max) => (min, max) switch
    {
        ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"between {low} and {high}"),
        ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $"of at least {low}"),
        (_, { } high) => string.Create(CultureInfo.InvariantCulture, $"of at most {high}"),
        _ => "",
    };
}
