using System.Text.Json.Serialization;

namespace BatchEmulator.Server.Control;

/// <summary>Answer of <c>GET /_emulator/health</c>.</summary>
internal sealed record Health(string Status);

/// <summary>Answer of <c>GET /_emulator/info</c>.</summary>
internal sealed record ServerInfo(string Version, string Executor, string Account, string Region, EntityCounts Counts);

/// <summary>What is there, over all accounts and Regions.</summary>
internal sealed record EntityCounts(long ComputeEnvironments, long JobQueues, long JobDefinitions, IReadOnlyDictionary<string, long> Jobs);

/// <summary>Serialization of the control endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ServerInfo))]
internal sealed partial class ControlJson : JsonSerializerContext;
