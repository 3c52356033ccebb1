using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.JobQueues;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(JobQueue))]
internal sealed partial class JobQueueJson : JsonSerializerContext
{
    public static readonly JobQueueJson Documents = new(StoredDocument.CreateOptions());
}
