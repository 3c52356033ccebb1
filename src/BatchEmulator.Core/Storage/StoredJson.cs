using System.Text.Json.Serialization;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Storage;

/// <summary>
/// Serialization of the JSON documents in stores. Members are always written or nullable: with source generation, a member that is missing
/// from a document does not get its initial value.
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ServiceJobProgress))]
[JsonSerializable(typeof(JobDefinition), TypeInfoPropertyName = "StoredJobDefinition")]
[JsonSerializable(typeof(JobSpecification))]
[JsonSerializable(typeof(CurrentAttempt))]
[JsonSerializable(typeof(ArraySummary))]
[JsonSerializable(typeof(IReadOnlyList<Attempt>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
public sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>Context with the options of stored documents.</summary>
    public static readonly StoredJson Documents = new(StoredDocument.CreateOptions());
}
