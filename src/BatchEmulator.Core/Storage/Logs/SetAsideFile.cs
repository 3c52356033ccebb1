namespace BatchEmulator.Core.Storage.Logs;

/// <summary>A file that could not be read, and was renamed so that a new one could be begun.</summary>
/// <param name="Path">Its path before.</param>
/// <param name="Kept">Its path now.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record SetAsideFile(string Path, string Kept, string Problem);
