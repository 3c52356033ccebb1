using System.Globalization;
using System.Text.Json;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>A path to values: <c>$.a.b[0]</c>, <c>$.items[*].id</c>, <c>$['a key']</c>.</summary>
internal sealed class JsonSelector
{
    private readonly List<Step> _steps = [];

    /// <summary>Returns the values at the end of the path; several only with <c>[*]</c>.</summary>
    public List<JsonElement> Values(JsonElement root)
    {
        var values = new List<JsonElement> { root };
        foreach (var step in _steps)
        {
            var next = new List<JsonElement>();
            foreach (var value in values)
            {
                Follow(step, value, next);
            }

            values = next;
        }

        return values;
    }

    public static JsonSelector Read(PatternReader reader)
    {
        reader.Expect("$");
        var selector = new JsonSelector();
        while (true)
        {
            if (reader.Take("."))
            {
                var name = reader.TakeWhile(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '@' or '$' or '/' or '#');
                selector._steps.Add(name.Length > 0 ? new(name) : throw PatternReader.Invalid("a property name is missing after '.'"));
            }
            else if (reader.Take("["))
            {
                selector._steps.Add(ReadBracket(reader));
                reader.Expect("]");
            }
            else
            {
                return selector;
            }
        }
    }

    private static Step ReadBracket(PatternReader reader)
    {
        reader.SkipSpace();
        if (reader.Next is '\'' or '"')
        {
            return new(reader.TakeQuoted(reader.Next));
        }

        if (reader.Take("*"))
        {
            return new(null, null);
        }

        var digits = reader.TakeWhile(char.IsAsciiDigit);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new(null, index)
            : throw PatternReader.Invalid("an index, a quoted name or * is missing after '['");
    }

    private static void Follow(Step step, JsonElement value, List<JsonElement> next)
    {
        if (step.Property is { } name)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member))
            {
                next.Add(member);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            if (step.Index is not { } index)
            {
                next.AddRange(value.EnumerateArray());
            }
            else if (index < value.GetArrayLength())
            {
                next.Add(value[index]);
            }
        }
    }

    /// <summary>A property, an element, or (neither) every element.</summary>
    private readonly record struct Step(string? Property, int? Index = null);
}
