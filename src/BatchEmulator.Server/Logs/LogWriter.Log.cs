namespace BatchEmulator.Server.Logs;

internal sealed partial class LogWriter
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Log output cannot be stored; lines are lost until it can.")]
    private partial void LogNotStored(Exception reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Log output is stored again.")]
    private partial void LogWritingAgain();
}
