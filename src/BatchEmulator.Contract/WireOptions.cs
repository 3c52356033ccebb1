using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BatchEmulator.Contract;

/// <summary>Options of the serialization of wire types.</summary>
public static class WireOptions
{
    /// <summary>Omits absent members, and escapes text as little as JSON allows, as AWS does.</summary>
    public static JsonSerializerOptions Create() => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
