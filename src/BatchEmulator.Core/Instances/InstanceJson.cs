using System.Text.Json;
using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Instances;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(Instance))]
internal sealed partial class InstanceJson : JsonSerializerContext
{
    public static readonly InstanceJson Documents = new(CreateOptions());

    private static JsonSerializerOptions CreateOptions()
    {
        var options = StoredDocument.CreateOptions();
        options.Converters.Add(new JsonStringEnumConverter<Purchase>());
        options.Converters.Add(new JsonStringEnumConverter<InstanceStatus>());
        return options;
    }
}
