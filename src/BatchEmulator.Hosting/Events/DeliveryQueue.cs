using System.Threading.Channels;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// Events that wait for delivery: the next event of a job is handed out when the one before it is done; those of different jobs,
/// concurrently. Returned events are handed out separately. When the queue is full, the oldest events make room, except for those that are
/// handed out.
/// </summary>
/// <param name="capacity">Maximum number of waiting events.</param>
/// <param name="maximumBytes">Maximum size of the waiting JSON.</param>
internal sealed class DeliveryQueue(int capacity, long maximumBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<JobEvent> _waiting = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Exit _first = new();
    private readonly Exit _again = new();
    private long _bytes;
    private int _given;
    private int _returned;
    private bool _isComplete;

    /// <summary>Number of events that wait or are handed out.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _given;
            }
        }
    }

    /// <summary>Returns true if any event was returned and is not done yet.</summary>
    public bool HasReturned
    {
        get
        {
            lock (_lock)
            {
                return _returned > 0;
            }
        }
    }

    /// <returns>Number of events that had to make room.</returns>
    public int Add(JobEvent added)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(added.JobId, out var lane))
            {
                _lanes[added.JobId] = lane = new Lane(added.JobId);
            }

            lane.Waiting.AddLast(_waiting.AddLast(added));
            _bytes += added.Json.Bytes.Length;
            Reposition(lane);
            return MakeRoom();
        }
    }

    /// <summary>Completes the queue: no events are added any more, and it ends when all are done.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            EndIfDone();
        }
    }

    /// <summary>
    /// Waits for events of different jobs that may be sent now; <see cref="Done"/> or <see cref="Return"/> must be called for each.
    /// </summary>
    /// <returns>The events; none if the queue is complete and all are done.</returns>
    public ValueTask<List<JobEvent>> TakeAsync(int maximum, CancellationToken cancellationToken) =>
        TakeAsync(_first, maximum, cancellationToken);

    /// <summary>Waits for returned events, in the same way.</summary>
    public ValueTask<List<JobEvent>> TakeReturnedAsync(int maximum, CancellationToken cancellationToken) =>
        TakeAsync(_again, maximum, cancellationToken);

    /// <summary>Removes an event that was handed out.</summary>
    public void Done(JobEvent done)
    {
        lock (_lock)
        {
            var lane = Free(done);
            Mark(lane, isReturned: false);
            Reposition(lane);
            EndIfDone();
        }
    }

    /// <summary>Puts an event that was handed out back, as the first of its job, but after all earlier returned events.</summary>
    /// <returns>Number of events that had to make room.</returns>
    public int Return(JobEvent returned)
    {
        lock (_lock)
        {
            var lane = Free(returned);
            lane.Waiting.AddFirst(_waiting.AddFirst(returned));
            _bytes += returned.Json.Bytes.Length;
            Mark(lane, isReturned: true);
            Reposition(lane);
            var dropped = MakeRoom();
            EndIfDone();
            return dropped;
        }
    }

    private async ValueTask<List<JobEvent>> TakeAsync(Exit exit, int maximum, CancellationToken cancellationToken)
    {
        var taken = new List<JobEvent>();
        while (taken.Count == 0 && await exit.Signal.Reader.WaitToReadAsync(cancellationToken))
        {
            exit.Signal.Reader.TryRead(out _);
            lock (_lock)
            {
                while (taken.Count < maximum && exit.Ready.First is { Value: var lane })
                {
                    taken.Add(Take(lane));
                }

                if (exit.Ready.Count > 0)
                {
                    exit.Signal.Writer.TryWrite(true);
                }
            }
        }

        return taken;
    }

    private JobEvent Take(Lane lane)
    {
        var first = lane.Waiting.First!.Value;
        lane.Waiting.RemoveFirst();
        _waiting.Remove(first);
        _bytes -= first.Value.Json.Bytes.Length;
        lane.IsGiven = true;
        _given++;
        Reposition(lane);
        return first.Value;
    }

    private Lane Free(JobEvent given)
    {
        var lane = _lanes[given.JobId];
        lane.IsGiven = false;
        _given--;
        return lane;
    }

    private int MakeRoom()
    {
        var dropped = 0;
        for (; _waiting.Count > capacity || _bytes > maximumBytes; dropped++)
        {
            // The oldest event of all is the first of its job.
            var oldest = _waiting.First!.Value;
            var lane = _lanes[oldest.JobId];
            lane.Waiting.RemoveFirst();
            _waiting.RemoveFirst();
            _bytes -= oldest.Json.Bytes.Length;
            if (!lane.IsGiven)
            {
                Mark(lane, isReturned: false);
            }

            Reposition(lane);
        }

        return dropped;
    }

    /// <summary>Notes if the event of the lane that is next, or handed out, was returned before.</summary>
    private void Mark(Lane lane, bool isReturned)
    {
        if (lane.IsReturned != isReturned)
        {
            lane.IsReturned = isReturned;
            _returned += isReturned ? 1 : -1;
        }
    }

    /// <summary>Moves a lane to its place after a change.</summary>
    private void Reposition(Lane lane)
    {
        var exit = lane.Waiting.Count == 0 || lane.IsGiven ? null : lane.IsReturned ? _again : _first;
        if (lane.Ready is { List: { } list } && list != exit?.Ready)
        {
            list.Remove(lane.Ready);
            lane.Ready = null;
        }

        if (exit is not null && lane.Ready is null)
        {
            lane.Ready = exit.Ready.AddLast(lane);
            exit.Signal.Writer.TryWrite(true);
        }

        if (lane.Waiting.Count == 0 && !lane.IsGiven)
        {
            _lanes.Remove(lane.JobId);
        }
    }

    private void EndIfDone()
    {
        if (_isComplete && _lanes.Count == 0)
        {
            _first.Signal.Writer.TryComplete();
            _again.Signal.Writer.TryComplete();
        }
    }

    /// <summary>Point at which events are handed out.</summary>
    private sealed class Exit
    {
        /// <summary>Lanes whose first event may be handed out here.</summary>
        public LinkedList<Lane> Ready { get; } = new();

        /// <summary>Has an item when lanes are ready; its receiver checks them.</summary>
        public Channel<bool> Signal { get; } = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    }

    /// <summary>Events of a job in order.</summary>
    private sealed class Lane(string jobId)
    {
        public string JobId => jobId;

        public LinkedList<LinkedListNode<JobEvent>> Waiting { get; } = new();

        /// <summary>Returns true if an event of the lane is handed out: the next has to wait.</summary>
        public bool IsGiven { get; set; }

        /// <summary>Returns true if the event that is next, or handed out, was returned before.</summary>
        public bool IsReturned { get; set; }

        /// <summary>Place among the ready lanes; null if it is not ready.</summary>
        public LinkedListNode<Lane>? Ready { get; set; }
    }
}
