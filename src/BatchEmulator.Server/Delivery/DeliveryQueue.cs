using System.Threading.Channels;

namespace BatchEmulator.Server.Delivery;

/// <summary>
/// Events that wait for their delivery: the next of a job is given out when the one before it is done, those of different jobs at once.
/// When it is full the oldest make room.
/// </summary>
internal sealed class DeliveryQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<JobEvent> _byAge = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Channel<Lane> _ready = Channel.CreateUnbounded<Lane>();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byAge.Count;
            }
        }
    }

    /// <returns>How many had to make room.</returns>
    public int Add(JobEvent added)
    {
        lock (_lock)
        {
            if (!_lanes.TryGetValue(added.Job.Id, out var lane))
            {
                _lanes[added.Job.Id] = lane = new Lane(added.Job.Id);
                _ready.Writer.TryWrite(lane);
            }

            lane.Waiting.Enqueue(_byAge.AddLast(added));
            if (_byAge.Count <= capacity)
            {
                return 0;
            }

            _byAge.First!.Value.IsDropped = true;
            _byAge.RemoveFirst();
            return 1;
        }
    }

    /// <summary>Waits for events that may be sent now, of a job each; <see cref="Done"/> is to be said of every one.</summary>
    public async ValueTask<List<JobEvent>> TakeAsync(int maximum, CancellationToken cancellationToken)
    {
        var taken = new List<JobEvent>();
        while (taken.Count == 0)
        {
            var lane = await _ready.Reader.ReadAsync(cancellationToken);
            lock (_lock)
            {
                Take(lane, taken);
                while (taken.Count < maximum && _ready.Reader.TryRead(out lane))
                {
                    Take(lane, taken);
                }
            }
        }

        return taken;
    }

    /// <summary>Nothing more is to be done about an event that was taken.</summary>
    public void Done(JobEvent done)
    {
        lock (_lock)
        {
            var lane = _lanes[done.Job.Id];
            var node = lane.Waiting.Dequeue();
            if (!node.Value.IsDropped)
            {
                _byAge.Remove(node);
            }

            if (lane.Waiting.Count > 0)
            {
                _ready.Writer.TryWrite(lane);
            }
            else
            {
                _lanes.Remove(lane.JobId);
            }
        }
    }

    private void Take(Lane lane, List<JobEvent> taken)
    {
        while (lane.Waiting.TryPeek(out var first) && first.Value.IsDropped)
        {
            lane.Waiting.Dequeue();
        }

        if (lane.Waiting.Count > 0)
        {
            taken.Add(lane.Waiting.Peek().Value);
        }
        else
        {
            _lanes.Remove(lane.JobId);
        }
    }

    /// <summary>The events of a job in their order. It is among the ready ones, or its first event is taken, never both.</summary>
    private sealed record Lane(string JobId)
    {
        public Queue<LinkedListNode<JobEvent>> Waiting { get; } = new();
    }
}
