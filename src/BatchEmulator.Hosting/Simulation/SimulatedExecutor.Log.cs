namespace BatchEmulator.Hosting.Simulation;

internal static partial class SimulatedExecutorLog
{
    [LoggerMessage(LogLevel.Critical, "The simulated executor failed")]
    public static partial void Broke(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} failed inside the executor")]
    public static partial void AttemptBroke(this ILogger logger, Core.Attempts.AttemptKey attempt, Exception exception);
}
