namespace BatchEmulator.Server.Registry;

internal static partial class StorageRegistry
{
    [LoggerMessage(LogLevel.Warning, "{Path} cannot be read and is kept as {Kept}; a new one is begun. {Problem}")]
    private static partial void FileSetAside(ILogger logger, string path, string kept, string problem);
}
