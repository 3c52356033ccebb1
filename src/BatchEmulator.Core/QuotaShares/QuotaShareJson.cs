using System.Text.Json.Serialization;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.QuotaShares;

/// <summary>Serialization of stored documents.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(QuotaShare))]
internal sealed partial class QuotaShareJson : JsonSerializerContext
{
    public static readonly QuotaShareJson Documents = new(StoredDocument.CreateOptions());
}
