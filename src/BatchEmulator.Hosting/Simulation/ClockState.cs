namespace BatchEmulator.Hosting.Simulation;

/// <summary>Response of <c>/_emulator/clock</c>.</summary>
/// <param name="Now">ISO 8601 in UTC, with milliseconds.</param>
/// <param name="Paused">True if it stands still.</param>
internal sealed record ClockState(string Now, bool Paused);
