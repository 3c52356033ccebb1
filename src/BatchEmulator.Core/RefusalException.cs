namespace BatchEmulator.Core;

/// <summary>Refuses a request, with the error type and the message for its caller. Thrown before anything is changed.</summary>
public abstract class RefusalException(string code, string message) : Exception(message)
{
    /// <summary>The error type on the wire.</summary>
    public string Code { get; } = code;
}
