namespace BatchEmulator.Server.Executors.Simulated;

internal static partial class SimulatedExecutorLog
{
    [LoggerMessage(LogLevel.Error, "The simulated executor broke")]
    public static partial void Broke(this ILogger logger, Exception exception);
}
