using System.Collections.Immutable;

namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>A version of a group. The transaction that has copied it may change it until it is published.</summary>
internal sealed class StoredGroup(LogGroupKey key, long createdAt, LogGroupSettings settings)
{
    /// <summary>Order by account, Region and name.</summary>
    public static IComparer<StoredGroup> ByKey { get; } = Comparer<StoredGroup>.Create(Compare);

    private static readonly ImmutableSortedDictionary<string, string> NoTags =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public LogGroupKey Key => key;

    public int? RetentionInDays { get; set; }

    public long StoredBytes { get; set; }

    public ImmutableSortedDictionary<string, string> Tags { get; set; } = NoTags;

    public ImmutableSortedSet<StoredStream> Streams { get; set; } = ImmutableSortedSet.Create(StoredStream.ByName);

    public ImmutableSortedSet<StoredStream> StreamsByLastEvent { get; set; } = ImmutableSortedSet.Create(StoredStream.ByLastEvent);

    /// <summary>Events of all streams, including removed ones that are not purged yet.</summary>
    public EventSequence Events { get; set; } = EventSequence.Empty;

    /// <summary>Events of removed streams that are still among <see cref="Events"/>.</summary>
    public ImmutableQueue<EventSequence> Removed { get; set; } = [];

    /// <summary>A group as a key of the order.</summary>
    public static StoredGroup At(LogGroupKey key) => new(key, createdAt: 0, LogGroupSettings.Default);

    public StoredGroup Copy() => (StoredGroup)MemberwiseClone();

    public LogGroup ToGroup() => new(key.Name, createdAt, settings, RetentionInDays, StoredBytes);

    public StoredStream? FindStream(string name) => Streams.TryGetValue(StoredStream.At(new(name)), out var stream) ? stream : null;

    public bool HasClass(string name) => settings.Class == name;

    private static int Compare(StoredGroup left, StoredGroup right)
    {
        var (x, y) = (left.Key, right.Key);
        return string.CompareOrdinal(x.Scope.Account, y.Scope.Account) is not 0 and var byAccount ? byAccount
            : string.CompareOrdinal(x.Scope.Region, y.Scope.Region) is not 0 and var byRegion ? byRegion
            : string.CompareOrdinal(x.Name, y.Name);
    }
}
