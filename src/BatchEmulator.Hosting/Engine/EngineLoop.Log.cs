namespace BatchEmulator.Hosting.Engine;

internal sealed partial class EngineLoop
{
    [LoggerMessage(
        LogLevel.Critical,
        "The engine stopped; uncommitted commands were not acknowledged. "
        + "The server ends; start it again to continue from the committed state.")]
    private partial void EngineStopped(Exception exception);
}
