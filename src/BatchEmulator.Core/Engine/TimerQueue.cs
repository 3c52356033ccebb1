namespace BatchEmulator.Core.Engine;

/// <summary>
/// Something that is due at a time. Timers are derived from the state and never stored; one that no longer fits the state is ignored.
/// </summary>
internal abstract record Due;

/// <summary>The change of a resource is complete.</summary>
internal sealed record ResourceSettles(string Arn) : Due;

/// <summary>The timeout of an attempt has passed.</summary>
internal sealed record AttemptTimesOut(string JobId, int Attempt) : Due;

/// <summary>A job has been blocked for the time that its queue allows.</summary>
internal sealed record JobBlockedTooLong(string JobId) : Due;

/// <summary>The waiting time of a job before its next placement has passed.</summary>
internal sealed record JobMayBePlaced : Due;

/// <summary>Something happens to an instance by itself.</summary>
internal sealed record InstanceIsDue(string Arn) : Due;

/// <summary>The time for which an instance may be idle has passed.</summary>
internal sealed record InstanceIdlesTooLong(string Arn) : Due;

/// <summary>A Spot task of Fargate is interrupted.</summary>
internal sealed record TaskIsInterrupted(string JobId, int Attempt) : Due;

/// <summary>A heap of due times in a total order.</summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<Due, (DateTimeOffset At, long Order)> _queue = new();
    private long _order;

    public DateTimeOffset? Next => _queue.TryPeek(out _, out var priority) ? priority.At : null;

    public void Add(DateTimeOffset at, Due due) => _queue.Enqueue(due, (at, _order++));

    public bool TryTake(DateTimeOffset now, out Due due)
    {
        due = null!;
        return _queue.TryPeek(out _, out var priority) && priority.At <= now && _queue.TryDequeue(out due!, out _);
    }

    public void Clear() => _queue.Clear();
}
