using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Identifies a log stream by its names.</summary>
internal readonly record struct LogStreamKey(Scope Scope, string Group, string Stream);
