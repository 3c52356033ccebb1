namespace BatchEmulator.Hosting.Output;

internal sealed partial class LogWriter
{
    [LoggerMessage(
        LogLevel.Error,
        "Log output cannot be stored. Jobs continue; {KeptLines} lines of output are kept in memory, and more are lost.")]
    private partial void LogNotStored(int keptLines, Exception reason);

    [LoggerMessage(LogLevel.Error, "The file of the log output has not answered for {Patience}. Jobs continue without waiting for it.")]
    private partial void LogNotAnswering(TimeSpan patience);

    [LoggerMessage(LogLevel.Information, "Log output is stored again; nothing was lost.")]
    private partial void LogWritingAgain();

    [LoggerMessage(LogLevel.Warning, "Log output is stored again; {Lines} lines of output and {Streams} empty streams were lost.")]
    private partial void LogWritingAgainAfterLoss(long lines, long streams);

    [LoggerMessage(LogLevel.Warning, "{Lines} lines of output and {Streams} empty streams were lost: the log output could not be stored.")]
    private partial void OutputLost(long lines, long streams);
}
