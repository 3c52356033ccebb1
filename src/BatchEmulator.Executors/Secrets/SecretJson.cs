using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace BatchEmulator.Executors.Secrets;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class SecretJson : JsonSerializerContext;
