using System.Text.Json.Serialization;

namespace BatchEmulator.Server.Control;

/// <summary>Answer of <c>GET /_emulator/health</c>.</summary>
internal sealed record Health(string Status);

/// <summary>Answer of <c>GET /_emulator/info</c>.</summary>
internal sealed record ServerInfo(string Version, string Executor, string Account, string Region, EntityCounts Counts);

/// <summary>Answer of <c>/_emulator/clock</c>.</summary>
/// <param name="Now">ISO 8601 in UTC, with milliseconds.</param>
/// <param name="Paused">Whether it stands still.</param>
internal sealed record ClockState(string Now, bool Paused);

/// <summary>What is there, over all accounts and Regions.</summary>
internal sealed record EntityCounts(
    long ComputeEnvironments,
    long ServiceEnvironments,
    long JobQueues,
    long SchedulingPolicies,
    long ConsumableResources,
    long JobDefinitions,
    IReadOnlyDictionary<string, long> Jobs);

/// <summary>Serialization of the control endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ClockState))]
internal sealed partial class ControlJson : JsonSerializerContext;
