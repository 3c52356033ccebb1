using System.Text.Json;

namespace BatchEmulator.Server.Tests.Executors.Shapes;

/// <summary>The shape of a JSON value: its members, the kinds of its values, and whether lists are empty. Values do not count.</summary>
internal static class Shape
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"{m.Name}:{Of(m.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join('|', value.EnumerateArray().Select(Of).Distinct().Order(StringComparer.Ordinal))}]",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "flag",
        var kind => kind.ToString(),
    };
}
