namespace BatchEmulator.Hosting.Engine;

internal sealed partial class EngineLoop
{
    [LoggerMessage(
        LogLevel.Critical,
        "The engine stopped: what it could not commit was not answered. "
        + "The server ends; start it again to go on from the committed state.")]
    private partial void EngineStopped(Exception exception);
}
