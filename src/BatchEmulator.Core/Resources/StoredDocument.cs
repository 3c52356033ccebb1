using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BatchEmulator.Core.Resources;

/// <summary>
/// Options of the documents in stores. Members are always written or nullable: with source generation, a member that is missing from a
/// document does not get its initial value.
/// </summary>
public static class StoredDocument
{
    /// <summary>Creates options for one serialization context.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter<ResourceState>(), new JsonStringEnumConverter<ResourceStatus>() },
    };
}
