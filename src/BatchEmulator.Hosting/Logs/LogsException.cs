namespace BatchEmulator.Hosting.Logs;

/// <summary>A request is refused: the type and the text that the caller gets. Nothing has been changed.</summary>
internal sealed class LogsException(string type, string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    /// <summary>The error's name on the wire.</summary>
    public string Type { get; } = type;

    public int Status { get; } = status;

    public static LogsException InvalidParameter(string message) => new("InvalidParameterException", message);

    public static LogsException GroupNotFound() => new("ResourceNotFoundException", "The specified log group does not exist.");

    public static LogsException StreamNotFound() => new("ResourceNotFoundException", "The specified log stream does not exist.");

    public static LogsException GroupExists() => new("ResourceAlreadyExistsException", "The specified log group already exists");

    public static LogsException StreamExists() => new("ResourceAlreadyExistsException", "The specified log stream already exists");

    /// <summary>The file cannot be written at the moment.</summary>
    public static LogsException Unavailable() => new(
        "ServiceUnavailableException", "The service cannot complete the request.", StatusCodes.Status503ServiceUnavailable);

    public static LogsException InvalidToken() => InvalidParameter("The specified nextToken is invalid.");
}
