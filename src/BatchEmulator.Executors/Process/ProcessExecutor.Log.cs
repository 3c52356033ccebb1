using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Process;

internal static partial class ProcessExecutorLog
{
    [LoggerMessage(LogLevel.Warning, "Folder {Folder} could not be removed: {Problem}")]
    public static partial void FolderStays(this ILogger logger, string folder, string problem);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt}: its end could not be noted: {Problem}")]
    public static partial void EndNotNoted(this ILogger logger, AttemptKey attempt, string problem);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt}: output is lost: {Problem}")]
    public static partial void OutputLost(this ILogger logger, AttemptKey attempt, string problem);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} failed inside the executor")]
    public static partial void AttemptBroke(this ILogger logger, AttemptKey attempt, Exception exception);
}
