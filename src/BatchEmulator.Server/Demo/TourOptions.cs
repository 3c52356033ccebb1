namespace BatchEmulator.Server.Demo;

/// <summary>Options of the tour.</summary>
/// <param name="Once">True to end the server with the tour.</param>
/// <param name="IsGiven">Returns true if the user has given a setting, by its name.</param>
internal sealed record TourOptions(bool Once, Func<string, bool> IsGiven);
