namespace BatchEmulator.Hosting.Output;

internal sealed partial class LogStore
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read and is kept as {Kept}; a new one is begun. {Problem}")]
    private static partial void SetAside(ILogger logger, string path, string kept, string problem);
}
