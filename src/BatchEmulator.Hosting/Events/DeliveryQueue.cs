using System.Threading.Channels;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// Events that wait for their delivery: the next of a job is given out when the one before it is done, those of different jobs at once.
/// Those that came back are given out apart from the others. When it is full the oldest make room, except for those that are given out.
/// </summary>
/// <param name="capacity">How many may wait.</param>
/// <param name="maximumBytes">How much JSON may wait.</param>
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

    /// <summary>Those that wait, and those that are given out.</summary>
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

    /// <summary>Returns true if any event came back and is not done yet.</summary>
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

    /// <returns>How many had to make room.</returns>
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
            Settle(lane);
            return MakeRoom();
        }
    }

    /// <summary>Nothing will be added any more: when all is done, there is nothing left to wait for.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            EndIfDone();
        }
    }

    /// <summary>
    /// Waits for events that may be sent now, of a job each; <see cref="Done"/> or <see cref="Return"/> is to be said of every one.
    /// </summary>
    /// <returns>None when it is complete and all are done.</returns>
    public ValueTask<List<JobEvent>> TakeAsync(int maximum, CancellationToken cancellationToken) =>
        TakeAsync(_first, maximum, cancellationToken);

    /// <summary>The same for events that came back.</summary>
    public ValueTask<List<JobEvent>> TakeReturnedAsync(int maximum, CancellationToken cancellationToken) =>
        TakeAsync(_again, maximum, cancellationToken);

    /// <summary>Nothing more is to be done about an event that was given out.</summary>
    public void Done(JobEvent done)
    {
        lock (_lock)
        {
            var lane = Free(done);
            Mark(lane, isReturned: false);
            Settle(lane);
            EndIfDone();
        }
    }

    /// <summary>An event that was given out waits again, as the first of its job, but after all that came back before.</summary>
    /// <returns>How many had to make room.</returns>
    public int Return(JobEvent returned)
    {
        lock (_lock)
        {
            var lane = Free(returned);
            lane.Waiting.AddFirst(_waiting.AddFirst(returned));
            _bytes += returned.Json.Bytes.Length;
            Mark(lane, isReturned: true);
            Settle(lane);
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
        Settle(lane);
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
            // The oldest of all is the first of its job.
            var oldest = _waiting.First!.Value;
            var lane = _lanes[oldest.JobId];
            lane.Waiting.RemoveFirst();
            _waiting.RemoveFirst();
            _bytes -= oldest.Json.Bytes.Length;
            if (!lane.IsGiven)
            {
                Mark(lane, isReturned: false);
            }

            Settle(lane);
        }

        return dropped;
    }

    /// <summary>Notes whether the event of the lane that is next, or given out, has come back before.</summary>
    private void Mark(Lane lane, bool isReturned)
    {
        if (lane.IsReturned != isReturned)
        {
            lane.IsReturned = isReturned;
            _returned += isReturned ? 1 : -1;
        }
    }

    /// <summary>Puts a lane where it belongs after it has changed.</summary>
    private void Settle(Lane lane)
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

    /// <summary>Position from which events are given out.</summary>
    private sealed class Exit
    {
        /// <summary>The lanes whose first event may be given out here.</summary>
        public LinkedList<Lane> Ready { get; } = new();

        /// <summary>Holds something when lanes are ready; whoever takes it looks.</summary>
        public Channel<bool> Signal { get; } = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    }

    /// <summary>The events of a job in their order.</summary>
    private sealed class Lane(string jobId)
    {
        public string JobId => jobId;

        public LinkedList<LinkedListNode<JobEvent>> Waiting { get; } = new();

        /// <summary>Returns true if an event of it is given out: the next has to wait.</summary>
        public bool IsGiven { get; set; }

        /// <summary>Returns true if the event that is next, or given out, has come back before.</summary>
        public bool IsReturned { get; set; }

        /// <summary>Its place among the lanes that are ready; null when it is not.</summary>
        public LinkedListNode<Lane>? Ready { get; set; }
    }
}
