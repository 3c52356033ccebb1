namespace BatchEmulator.Hosting.Events;

/// <summary>Delivery counters.</summary>
internal sealed class DeliveryCounts
{
    private long _delivered;
    private long _retried;
    private long _dropped;

    public long Delivered => Interlocked.Read(ref _delivered);

    public long Retried => Interlocked.Read(ref _retried);

    /// <summary>Refused by the receiver, or dropped for lack of room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void AddDelivered() => Interlocked.Increment(ref _delivered);

    public void AddRetried() => Interlocked.Increment(ref _retried);

    public void AddDropped(int count) => Interlocked.Add(ref _dropped, count);
}
