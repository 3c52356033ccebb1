using System.Text.Json;
using System.Text.Json.Serialization;

namespace BatchEmulator.Contract;

/// <summary>
/// Reads an enum value in any case as its canonical form. An unknown value is kept unchanged: it is refused or accepted where constraints
/// are checked, so that the refusal is AWS's and not the serializer's.
/// </summary>
public abstract class EnumTextConverter(IReadOnlyList<string> known) : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Canonical(ref reader, known);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    internal static string? Canonical(ref Utf8JsonReader reader, IReadOnlyList<string> known)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("a string is expected");
        }

        foreach (var value in known)
        {
            if (reader.ValueTextEquals(value))
            {
                return value;
            }
        }

        var text = reader.GetString();
        foreach (var value in known)
        {
            if (string.Equals(value, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return text;
    }
}

/// <inheritdoc cref="EnumTextConverter"/>
public abstract class EnumTextListConverter(IReadOnlyList<string> known) : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("an array is expected");
        }

        var values = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // A null element is refused with the other constraints.
            values.Add(reader.TokenType == JsonTokenType.Null ? null! : EnumTextConverter.Canonical(ref reader, known)!);
        }

        return values;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in value)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }
}
