namespace BatchEmulator.Core;

/// <summary>A request is refused: the error type and the sentence that its caller gets. Thrown before anything is changed.</summary>
public abstract class RefusalException(string code, string message) : Exception(message)
{
    /// <summary>The error type on the wire.</summary>
    public string Code { get; } = code;
}
