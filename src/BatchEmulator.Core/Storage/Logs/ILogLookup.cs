namespace BatchEmulator.Core.Storage.Logs;

/// <summary>Finds groups and streams by their names. Base of snapshots and transactions; a transaction sees its own changes.</summary>
public interface ILogLookup
{
    /// <summary>Finds a group.</summary>
    /// <returns>The group; null if it does not exist.</returns>
    LogGroup? FindGroup(LogGroupKey group);

    /// <summary>Finds a stream.</summary>
    /// <returns>The stream; null if it or its group does not exist.</returns>
    LogStream? FindStream(LogStreamKey stream);

    /// <summary>Finds the tags of a group, in the order of their keys.</summary>
    /// <returns>The tags; null if the group does not exist.</returns>
    IReadOnlyDictionary<string, string>? FindTags(LogGroupKey group);
}
