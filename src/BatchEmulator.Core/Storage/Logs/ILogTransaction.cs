namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// Changes that are stored together. Methods that return false have changed nothing. Used by one thread, within
/// <see cref="ILogStore.Write"/>.
/// </summary>
public interface ILogTransaction : ILogLookup
{
    /// <summary>Adds a group.</summary>
    /// <returns>False if it exists.</returns>
    bool AddGroup(LogGroupKey group, LogGroupSettings settings);

    /// <summary>Removes a group with its tags, streams and events. A group that is added later under the same name begins empty.</summary>
    /// <returns>False if it does not exist.</returns>
    bool RemoveGroup(LogGroupKey group);

    /// <summary>Sets the number of days for which a group keeps its events; null keeps them for ever.</summary>
    /// <returns>False if the group does not exist.</returns>
    bool SetRetention(LogGroupKey group, int? days);

    /// <summary>Sets tags of a group, and removes those whose value is null.</summary>
    /// <returns>False if the group does not exist.</returns>
    bool PatchTags(LogGroupKey group, IReadOnlyDictionary<string, string?> patch);

    /// <summary>Adds a stream, and its group with default settings, unless they exist.</summary>
    /// <returns>False if the stream exists.</returns>
    bool AddStream(LogStreamKey stream);

    /// <summary>Removes a stream with its events. A stream that is added later under the same name begins empty.</summary>
    /// <returns>False if it does not exist.</returns>
    bool RemoveStream(LogStreamKey stream);

    /// <summary>
    /// Adds a line that a job wrote, and its stream and group unless they exist. The order of writing is the order of reading: an event
    /// never has an earlier time than the line before it in the stream, so that a follower, who goes forward in time, misses none. A line
    /// without text is counted but makes no event, as CloudWatch Logs has no empty ones.
    /// </summary>
    void AppendLine(LogStreamKey stream, LogLine line);

    /// <summary>
    /// Adds events to a stream. They are read in the order of their times, those of the same millisecond in the order of their arrival.
    /// </summary>
    /// <returns>False if the stream does not exist.</returns>
    bool AddEvents(LogStreamKey stream, IReadOnlyList<NewLogEvent> events);

    /// <summary>Removes all groups of all accounts and Regions.</summary>
    void RemoveAll();

    /// <summary>
    /// Removes events that are past the retention of their group, and those of removed groups and streams. A pass removes a bounded number,
    /// so that the lines of running jobs never wait for a large removal.
    /// </summary>
    /// <param name="limit">Maximum number of events to remove.</param>
    /// <returns>False if more remains to be removed.</returns>
    bool Purge(int limit);
}
