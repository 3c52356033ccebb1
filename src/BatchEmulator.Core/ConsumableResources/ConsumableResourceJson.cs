using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ConsumableResources;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ConsumableResource))]
internal sealed partial class ConsumableResourceJson : JsonSerializerContext
{
    public static readonly ConsumableResourceJson Documents = new(StoredDocument.CreateOptions());
}
