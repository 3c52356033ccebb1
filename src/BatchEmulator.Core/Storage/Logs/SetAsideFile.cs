namespace BatchEmulator.Core.Storage.Logs;

/// <summary>A file that could not be read, and was renamed to make way for a new one.</summary>
/// <param name="Path">Original path.</param>
/// <param name="Kept">Present path.</param>
/// <param name="Problem">Problem with the file.</param>
public sealed record SetAsideFile(string Path, string Kept, string Problem);
