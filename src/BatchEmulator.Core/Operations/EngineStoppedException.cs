namespace BatchEmulator.Core.Operations;

/// <summary>The engine has stopped without carrying out a command; nothing of it is stored.</summary>
public sealed class EngineStoppedException(string message, Exception? cause = null) : Exception(message, cause)
{
    public static EngineStoppedException Of(Exception? cause) => cause is null
        ? new("The server is shutting down; nothing was changed.")
        : new($"The server stops because of an error, and nothing was changed: {cause.Message}", cause);
}
