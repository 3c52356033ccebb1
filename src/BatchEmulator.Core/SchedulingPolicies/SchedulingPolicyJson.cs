using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.SchedulingPolicies;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SchedulingPolicy))]
internal sealed partial class SchedulingPolicyJson : JsonSerializerContext
{
    public static readonly SchedulingPolicyJson Documents = new(StoredDocument.CreateOptions());
}
