using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Explanations;
using BatchEmulator.Hosting.Faults;
using BatchEmulator.Hosting.Simulation;

namespace BatchEmulator.Hosting.Control;

/// <summary>Answer of <c>GET /_emulator/health</c>, and without parts of a reset.</summary>
/// <param name="Status">
/// <c>starting</c> until the bootstrap is done, <c>ok</c>, <c>degraded</c> when a part has trouble, <c>failed</c> when the server cannot be
/// used.
/// </param>
/// <param name="Parts">The condition of each part.</param>
internal sealed record Health(string Status, HealthParts? Parts = null);

/// <summary>The condition of each part of the server.</summary>
/// <param name="Engine">Condition of the engine.</param>
/// <param name="Store">Condition of the storage of resources and jobs.</param>
/// <param name="Logs">Condition of the storage of output.</param>
/// <param name="Executor">Condition of the executor.</param>
/// <param name="Deliveries">Condition of the event deliveries; null without targets.</param>
internal sealed record HealthParts(PartHealth Engine, PartHealth Store, PartHealth Logs, PartHealth Executor, PartHealth Deliveries)
{
    /// <summary>All parts.</summary>
    [JsonIgnore]
    public IReadOnlyList<PartHealth> All => [Engine, Store, Logs, Executor, Deliveries];
}

/// <summary>The condition of a part.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c>, or <c>failed</c> when it cannot recover.</param>
/// <param name="Error">Problem; null if there is none.</param>
/// <param name="Since">Time since which the problem exists, ISO 8601 in UTC by the machine's time.</param>
internal sealed record PartHealth(string Status, string? Error = null, string? Since = null);

/// <summary>Answer of <c>GET /_emulator/info</c>.</summary>
/// <param name="Version">Version of the product.</param>
/// <param name="Executor">Name of the executor.</param>
/// <param name="Account">Account of requests that do not name one.</param>
/// <param name="Region">Region of requests that do not name one.</param>
/// <param name="Counts">Numbers of resources by kind, of <c>jobDefinitions</c>, and of <c>jobs</c> by status.</param>
internal sealed record ServerInfo(string Version, string Executor, string Account, string Region, JsonObject Counts);

/// <summary>Serialization of the control endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ClockState))]
[JsonSerializable(typeof(JobExplanation))]
[JsonSerializable(typeof(FaultsState))]
[JsonSerializable(typeof(CostReport))]
internal sealed partial class ControlJson : JsonSerializerContext;
