using System.Text.Json;
using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Faults;

/// <summary>Reads the members of <c>POST /_emulator/faults</c>; each method refuses a value that makes no sense.</summary>
internal static class FaultJson
{
    private const int MaximumNameInError = 100;

    public static IEnumerable<JsonProperty> Members(JsonProperty given) => given.Value.ValueKind == JsonValueKind.Object
        ? given.Value.EnumerateObject()
        : throw ClientException.Refused($"{given.Name} must be an object.");

    public static string Text(JsonProperty given) => given.Value.ValueKind == JsonValueKind.String && given.Value.GetString() is { Length: > 0 } text
        ? text
        : throw ClientException.Refused($"{given.Name} must be a text.");

    public static bool Switch(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw ClientException.Refused($"{name} must be true or false."),
    };

    public static int Integer(JsonElement value, string name, int minimum, int maximum) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ClientException.Refused($"{name} must be a whole number from {minimum} to {maximum}.");

    public static double Number(JsonElement value, string name, double minimum, double maximum) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= minimum && number <= maximum
            ? number
            : throw ClientException.Refused($"{name} must be a number from {minimum} to {maximum}.");

    public static ClientException Unknown(JsonProperty member, JsonProperty of, string known) => ClientException.Refused(
        $"The member {Excerpt.Of(member.Name, MaximumNameInError)} of {of.Name} is unknown; there are {known}.");
}
