using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Logs;

/// <summary>Look-ups that refuse a request if the group or stream does not exist.</summary>
internal static class LogLookupExtensions
{
    /// <exception cref="LogsException">The group does not exist.</exception>
    public static LogGroup RequireGroup(this ILogLookup logs, LogGroupKey group) =>
        logs.FindGroup(group) ?? throw LogsException.GroupNotFound();

    /// <exception cref="LogsException">The stream or its group does not exist.</exception>
    public static LogStream RequireStream(this ILogLookup logs, LogStreamKey stream)
    {
        logs.RequireGroup(stream.Group);
        return logs.FindStream(stream) ?? throw LogsException.StreamNotFound();
    }

    /// <exception cref="LogsException">The group does not exist.</exception>
    public static IReadOnlyDictionary<string, string> RequireTags(this ILogLookup logs, LogGroupKey group) =>
        logs.FindTags(group) ?? throw LogsException.GroupNotFound();
}
