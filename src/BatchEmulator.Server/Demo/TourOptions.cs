namespace BatchEmulator.Server.Demo;

/// <summary>Options of the tour.</summary>
/// <param name="Once">The server ends with the tour.</param>
/// <param name="IsGiven">Whether the user said anything about a setting, by its name.</param>
internal sealed record TourOptions(bool Once, Func<string, bool> IsGiven);
