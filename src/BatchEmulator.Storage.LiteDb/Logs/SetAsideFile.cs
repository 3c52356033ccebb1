namespace BatchEmulator.Storage.LiteDb.Logs;

/// <summary>A file that could not be read and was renamed.</summary>
/// <param name="Path">Its path before.</param>
/// <param name="Kept">Its path now.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record SetAsideFile(string Path, string Kept, string Problem);
