using BatchEmulator.Core.Identity;
using BatchEmulator.Hosting.Output;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Caller and surroundings of an operation.</summary>
/// <param name="Scope">Account and Region of the caller.</param>
/// <param name="Store">The log store.</param>
/// <param name="Cancellation">Cancelled when the caller has gone.</param>
internal sealed record LogsCall(Scope Scope, QueuedLogStore Store, CancellationToken Cancellation);
