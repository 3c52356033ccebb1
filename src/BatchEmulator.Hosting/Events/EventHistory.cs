using System.Globalization;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// The latest events, stored once for all clients that read them as a stream: a client is a position in it. Its size is bounded, so that no
/// client costs memory by reading slowly: one whose position is no longer stored has to reconnect, and is then notified of the number
/// missed. While no client reads, events are stored until there is no more room, for a client whose connection broke, and only counted from
/// then on.
/// </summary>
/// <param name="maximumBytes">Maximum size of the stored events.</param>
internal sealed class EventHistory(int maximumBytes = EventHistory.MaximumBytes)
{
    /// <summary>
    /// The events of an array of 10,000 jobs, the maximum, take about 27 MiB: a client that is late by one array misses nothing.
    /// </summary>
    public const int MaximumBytes = 32 * 1024 * 1024;

    /// <summary>Size of an event in bytes in addition to its JSON: headers of objects and an entry of the table.</summary>
    public const int Overhead = 128;

    /// <summary>Distinguishes the events of this server from those of earlier ones, whose numbers begin at 1, too.</summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    private readonly Lock _lock = new();
    private readonly Dictionary<long, byte[]> _events = [];
    private TaskCompletionSource _added = NewSignal();
    private long _first = 1;
    private long _next = 1;
    private long _bytes;
    private int _readers;

    /// <summary>Size of the stored events, within the limit.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Readers => Volatile.Read(ref _readers);

    private bool IsKept => _readers > 0 || _events.Count > 0;

    /// <summary>Begins to read.</summary>
    /// <param name="lastId">
    /// Id of the last event that the client received over an earlier connection; null to begin with the next event.
    /// </param>
    public Reader Open(string? lastId)
    {
        lock (_lock)
        {
            _readers++;
            if (string.IsNullOrEmpty(lastId))
            {
                return new(this, _next, null);
            }

            if (NumberOf(lastId) is not { } last)
            {
                return new(this, _next, new(null, lastId));
            }

            return last + 1 >= _first ? new(this, last + 1, null) : new(this, _first, new(_first - last - 1, lastId));
        }
    }

    /// <summary>Counts events that need not be written.</summary>
    /// <returns>False if events are needed.</returns>
    public bool TrySkip(int count)
    {
        lock (_lock)
        {
            if (IsKept)
            {
                return false;
            }

            _first = _next += count;
            return true;
        }
    }

    public void Add(IEnumerable<byte[]> events)
    {
        lock (_lock)
        {
            foreach (var added in events)
            {
                _events[_next++] = added;
                _bytes += SizeOf(added);
                MakeRoom();
            }
        }

        Signal();
    }

    /// <summary>Counts events that happened and are lost; clients are notified when they reconnect.</summary>
    public void Miss(int count)
    {
        if (count == 0)
        {
            return;
        }

        lock (_lock)
        {
            _next += count;
            Clear();
        }

        Signal();
    }

    public string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{number}");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static long SizeOf(byte[] json) => json.Length + Overhead;

    /// <summary>Returns the number of a past event; null if the id is none.</summary>
    private long? NumberOf(string id) =>
        id.Length > _run.Length + 1 && id.StartsWith(_run, StringComparison.Ordinal) && id[_run.Length] == '-'
        && long.TryParse(id.AsSpan(_run.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _next
            ? number
            : null;

    private void MakeRoom()
    {
        if (_bytes > maximumBytes && _readers == 0)
        {
            // A reconnecting client would have missed events already.
            Clear();
        }

        while (_bytes > maximumBytes)
        {
            _events.Remove(_first++, out var oldest);
            _bytes -= SizeOf(oldest!);
        }
    }

    private void Clear()
    {
        _events.Clear();
        _events.TrimExcess();
        _bytes = 0;
        _first = _next;
    }

    private void Signal() => Interlocked.Exchange(ref _added, NewSignal()).SetResult();

    /// <summary>Position of a client. Used by one caller at a time.</summary>
    internal sealed class Reader(EventHistory history, long place, MissedEvents? missed) : IDisposable
    {
        private long _place = place;
        private bool _isClosed;

        /// <summary>Number of events that the client has missed since its last connection; null if it has missed none.</summary>
        public MissedEvents? Missed => missed;

        /// <summary>Id of the event before the next one to be read.</summary>
        public string LastId => history.IdOf(_place - 1);

        /// <summary>Returns true if the next event is no longer stored.</summary>
        public bool IsBehind
        {
            get
            {
                lock (history._lock)
                {
                    return _place < history._first;
                }
            }
        }

        /// <summary>Waits for further events.</summary>
        /// <param name="maximumBytes">Maximum size of the result, which has at least one event.</param>
        /// <param name="cancellationToken">Ends the wait.</param>
        /// <returns>The events and the number of the first; null if the next one is no longer stored.</returns>
        public async ValueTask<(long First, List<byte[]> Events)?> ReadAsync(int maximumBytes, CancellationToken cancellationToken)
        {
            while (true)
            {
                // Read before the check, so that an event that is added meanwhile is not overlooked.
                var added = Volatile.Read(ref history._added).Task;
                lock (history._lock)
                {
                    if (_place < history._first)
                    {
                        return null;
                    }

                    if (_place < history._next)
                    {
                        return (_place, Take(maximumBytes));
                    }
                }

                await added.WaitAsync(cancellationToken);
            }
        }

        public void Dispose()
        {
            lock (history._lock)
            {
                history._readers -= _isClosed ? 0 : 1;
                _isClosed = true;
            }
        }

        private List<byte[]> Take(int maximumBytes)
        {
            var taken = new List<byte[]>();
            for (var bytes = 0; _place < history._next && bytes < maximumBytes; _place++)
            {
                var next = history._events[_place];
                taken.Add(next);
                bytes += next.Length;
            }

            return taken;
        }
    }
}

/// <summary>Events that a client does not receive any more.</summary>
/// <param name="Count">Number of events; null if it is unknown, e.g. because the server was restarted.</param>
/// <param name="After">Id of the last event that the client received.</param>
internal sealed record MissedEvents(long? Count, string After);
