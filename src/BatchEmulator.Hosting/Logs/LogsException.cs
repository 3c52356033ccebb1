using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Logs;

/// <summary>A request that CloudWatch Logs refuses.</summary>
internal sealed class LogsException(string code, string message) : RefusalException(code, message)
{
    public static LogsException InvalidParameter(string message) => new("InvalidParameterException", message);

    public static LogsException GroupNotFound() => new("ResourceNotFoundException", "The specified log group does not exist.");

    public static LogsException StreamNotFound() => new("ResourceNotFoundException", "The specified log stream does not exist.");

    public static LogsException GroupExists() => new("ResourceAlreadyExistsException", "The specified log group already exists");

    public static LogsException StreamExists() => new("ResourceAlreadyExistsException", "The specified log stream already exists");

    public static LogsException InvalidToken() => InvalidParameter("The specified nextToken is invalid.");
}
