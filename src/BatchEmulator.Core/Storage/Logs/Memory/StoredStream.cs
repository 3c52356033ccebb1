namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>A version of a stream. The transaction that has copied it may change it until it is published.</summary>
internal sealed class StoredStream(StreamIdentity identity, long createdAt)
{
    /// <summary>Order of the listing by name.</summary>
    public static IComparer<StoredStream> ByName { get; } =
        Comparer<StoredStream>.Create((left, right) => string.CompareOrdinal(left.Name, right.Name));

    /// <summary>Order of the listing by the latest event.</summary>
    public static IComparer<StoredStream> ByLastEvent { get; } = Comparer<StoredStream>.Create((left, right) =>
        (left.LastEventAt ?? 0).CompareTo(right.LastEventAt ?? 0) is not 0 and var order
            ? order
            : string.CompareOrdinal(left.Name, right.Name));

    public StreamIdentity Identity => identity;

    public string Name => identity.Name;

    public long CreatedAt => createdAt;

    public long Lines { get; set; }

    /// <summary>Time of the newest line that a job wrote.</summary>
    public long LastLineAt { get; set; }

    public long? FirstEventAt { get; set; }

    public long? LastEventAt { get; set; }

    public long? LastIngestedAt { get; set; }

    public EventSequence Events { get; set; } = EventSequence.Empty;

    /// <summary>A stream as a key of the listings.</summary>
    public static StoredStream At(LogStreamPlace place) =>
        new(new StreamIdentity(place.Name), createdAt: 0) { LastEventAt = place.LastEventAt };

    public StoredStream Copy() => (StoredStream)MemberwiseClone();

    public LogStream ToStream() => new(Name, CreatedAt, Lines, FirstEventAt, LastEventAt, LastIngestedAt);
}
