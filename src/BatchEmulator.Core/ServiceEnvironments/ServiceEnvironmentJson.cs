using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ServiceEnvironments;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ServiceEnvironment))]
internal sealed partial class ServiceEnvironmentJson : JsonSerializerContext
{
    public static readonly ServiceEnvironmentJson Documents = new(StoredDocument.CreateOptions());
}
