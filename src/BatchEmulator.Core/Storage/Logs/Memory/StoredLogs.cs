using System.Collections.Immutable;

namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>The whole content, at one moment.</summary>
/// <param name="Groups">All groups of all accounts and Regions.</param>
/// <param name="LastSequence">Sequence of the event that was added last.</param>
internal sealed record StoredLogs(ImmutableSortedSet<StoredGroup> Groups, long LastSequence)
{
    public static StoredLogs Empty { get; } = new(ImmutableSortedSet.Create(StoredGroup.ByKey), LastSequence: 0);

    public StoredGroup? FindGroup(LogGroupKey key) => Find(Groups, key);

    public static StoredGroup? Find(ImmutableSortedSet<StoredGroup> groups, LogGroupKey key) =>
        groups.TryGetValue(StoredGroup.At(key), out var group) ? group : null;
}
