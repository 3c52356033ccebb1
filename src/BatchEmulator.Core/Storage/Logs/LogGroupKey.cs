using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Identifies a log group.</summary>
public readonly record struct LogGroupKey(Scope Scope, string Name);
