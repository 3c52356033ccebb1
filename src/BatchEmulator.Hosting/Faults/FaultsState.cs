namespace BatchEmulator.Hosting.Faults;

/// <summary>Answer of <c>/_emulator/faults</c>: the faults that are left.</summary>
/// <param name="Throttle">Calls that are answered with 429; null if none are.</param>
/// <param name="Fail">Calls that are answered with 500; null if none are.</param>
internal sealed record FaultsState(ApiFault? Throttle, ApiFault? Fail);
