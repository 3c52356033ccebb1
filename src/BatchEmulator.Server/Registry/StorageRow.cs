using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting;

namespace BatchEmulator.Server.Registry;

/// <summary>A storage: a row of the registry.</summary>
/// <param name="Name">Value of <c>--storage</c>.</param>
/// <param name="Database">Name of the file of resources and jobs, which the server requires.</param>
/// <param name="Logs">Name of the file of log groups, streams and events.</param>
/// <param name="Open">Opens the two files by their paths and a clock, and creates them if needed.</param>
internal sealed record StorageRow(
    string Name,
    string Database,
    string Logs,
    Func<string, string, DateTimeOffset, (EmulatorStorage Storage, SetAsideFile? SetAside)> Open);
