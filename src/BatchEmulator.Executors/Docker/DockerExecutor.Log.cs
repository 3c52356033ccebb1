using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Executors.Docker;

internal static partial class DockerExecutorLog
{
    [LoggerMessage(LogLevel.Warning, "Container {Container} could not be removed yet: {Problem}")]
    public static partial void ContainerStays(this ILogger logger, string container, string problem);

    [LoggerMessage(LogLevel.Warning, "Volume {Volume} could not be removed: {Problem}")]
    public static partial void VolumeStays(this ILogger logger, string volume, string problem);

    [LoggerMessage(LogLevel.Warning, "Network {Network} could not be removed: {Problem}")]
    public static partial void NetworkStays(this ILogger logger, string network, string problem);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt}: container {Container} could not be stopped: {Problem}")]
    public static partial void NotStopped(this ILogger logger, AttemptKey attempt, string container, string problem);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt}: the engine went away while container {Container} ran: {Problem}")]
    public static partial void EngineWentAway(this ILogger logger, AttemptKey attempt, string container, string problem);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt}: output of container {Container} could not be read: {Problem}")]
    public static partial void OutputLost(this ILogger logger, AttemptKey attempt, string container, string problem);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt}: output of container {Container} is delayed until its end: {Problem}")]
    public static partial void OutputDelayed(this ILogger logger, AttemptKey attempt, string container, string problem);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} failed inside the executor")]
    public static partial void AttemptBroke(this ILogger logger, AttemptKey attempt, Exception exception);

    [LoggerMessage(LogLevel.Information, "Took over {TakenUp} attempts and removed {Removed} leftover containers")]
    public static partial void Recovered(this ILogger logger, int takenUp, int removed);
}
