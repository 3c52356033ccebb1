using BatchEmulator.Core.Identity;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Identifies a log stream by its names.</summary>
public readonly record struct LogStreamKey(Scope Scope, string Group, string Stream);
