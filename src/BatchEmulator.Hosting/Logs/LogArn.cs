using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs;

/// <summary>ARNs of log groups and streams.</summary>
internal static class LogArn
{
    public static string Group(Scope scope, string group) => $"arn:{scope.Partition}:logs:{scope.Region}:{scope.Account}:log-group:{group}";

    public static string Stream(Scope scope, string group, string stream) => $"{Group(scope, group)}:log-stream:{stream}";

    /// <summary>Returns the group of an ARN (with or without <c>:*</c>) or a name.</summary>
    /// <exception cref="LogsException">It is malformed, or it belongs to another account or Region.</exception>
    public static LogGroupKey ParseGroup(Scope scope, string identifier)
    {
        if (!identifier.Contains(':', StringComparison.Ordinal))
        {
            return new(scope, identifier);
        }

        var parts = identifier.Split(':');
        var wellFormed =
            parts is ["arn", _, "logs", _, _, "log-group", { Length: > 0 }] or ["arn", _, "logs", _, _, "log-group", { Length: > 0 }, "*"];
        if (!wellFormed)
        {
            throw LogsException.InvalidParameter($"The ARN '{identifier}' is not the ARN of a log group.");
        }

        // Scopes share nothing: a group of another one does not exist here.
        return string.Equals(parts[3], scope.Region, StringComparison.Ordinal)
            && string.Equals(parts[4], scope.Account, StringComparison.Ordinal)
            ? new(scope, parts[6])
            : throw LogsException.GroupNotFound();
    }

    /// <summary>Returns the group of a request that has either a name or an identifier.</summary>
    public static LogGroupKey ParseGroup(Scope scope, string? name, string? identifier) => (name, identifier) switch
    {
        ({ } given, null) => new(scope, given),
        (null, { } given) => ParseGroup(scope, given),
        (null, null) => throw LogsException.InvalidParameter("Either logGroupName or logGroupIdentifier must be specified."),
        _ => throw LogsException.InvalidParameter("LogGroup name and LogGroup ARN are mutually exclusive parameters."),
    };
}
