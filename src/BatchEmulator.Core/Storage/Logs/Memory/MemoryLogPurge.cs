namespace BatchEmulator.Core.Storage.Logs.Memory;

/// <summary>Removes a bounded number of events of a group: those of removed streams, and those past its retention.</summary>
internal sealed class MemoryLogPurge(StoredGroup group, DateTimeOffset now)
{
    /// <summary>Returns true if there is anything to remove.</summary>
    public bool IsNeeded => !group.Removed.IsEmpty || Expired(group).Any();

    /// <summary>Removes events.</summary>
    /// <param name="changed">A copy of the group.</param>
    /// <param name="change">Copies a stream of the group.</param>
    /// <param name="limit">Maximum number of events to remove; at least 1.</param>
    /// <returns>Number of removed events.</returns>
    public int Run(StoredGroup changed, Func<StreamIdentity, StoredStream> change, int limit)
    {
        var room = limit;
        while (room > 0 && !changed.Removed.IsEmpty)
        {
            room -= RemoveRemains(changed, room);
        }

        if (room > 0)
        {
            room -= RemoveExpired(changed, change, room);
        }

        return limit - room;
    }

    private static int RemoveRemains(StoredGroup changed, int limit)
    {
        changed.Removed = changed.Removed.Dequeue(out var remains);
        var events = remains.After(LogPosition.Start).Take(limit).ToList();
        foreach (var item in events)
        {
            changed.Events = changed.Events.Remove(item.Position);
            changed.StoredBytes -= item.Size;
        }

        remains = remains.RemoveFirst(events.Count);
        if (!remains.IsEmpty)
        {
            changed.Removed = changed.Removed.Enqueue(remains);
        }

        return events.Count;
    }

    private int RemoveExpired(StoredGroup changed, Func<StreamIdentity, StoredStream> change, int limit)
    {
        var events = Expired(changed).Take(limit).ToList();
        changed.Events = changed.Events.RemoveFirst(events.Count);
        changed.StoredBytes -= events.Sum(item => item.Size);
        foreach (var (identity, count) in events.CountBy(item => item.Stream))
        {
            // They are the first ones of their stream, too. It exists: the events of removed ones are gone by now.
            var stream = change(identity);
            stream.Events = stream.Events.RemoveFirst(count);
        }

        return events.Count;
    }

    private IEnumerable<StoredEvent> Expired(StoredGroup from)
    {
        if (from.RetentionInDays is not { } days)
        {
            return [];
        }

        var oldest = now.AddDays(-days).ToUnixTimeMilliseconds();
        return from.Events.After(LogPosition.Start).TakeWhile(item => item.Position.At < oldest);
    }
}
