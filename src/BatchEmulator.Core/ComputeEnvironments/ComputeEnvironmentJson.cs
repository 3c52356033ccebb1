using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.ComputeEnvironments;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ComputeEnvironment))]
internal sealed partial class ComputeEnvironmentJson : JsonSerializerContext
{
    public static readonly ComputeEnvironmentJson Documents = new(StoredDocument.CreateOptions());
}
