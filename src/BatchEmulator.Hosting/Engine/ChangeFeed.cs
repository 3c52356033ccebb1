using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BatchEmulator.Core.Engine;

namespace BatchEmulator.Hosting.Engine;

/// <summary>Changes of a committed turn, and its time.</summary>
internal sealed record CommittedTurn(DateTimeOffset At, IReadOnlyList<Change> Changes)
{
    /// <summary>Number of missed changes just before this turn, by the watcher's count.</summary>
    public int Missed { get; init; }
}

/// <summary>
/// Notifies watchers of committed turns. A watcher that falls too far behind misses turns or is cut off; the engine never waits for it.
/// </summary>
internal sealed class ChangeFeed
{
    /// <summary>
    /// Maximum number of changes that wait for a watcher. Watchers are parts of the server and wait for no client, so that a backlog lasts
    /// for moments; most objects of a change also belong to the engine, so that it adds a few hundred bytes.
    /// </summary>
    public const int MaximumBacklog = 50_000;

    private readonly Lock _lock = new();
    private Subscription[] _watchers = [];

    /// <summary>Subscribes to all further turns.</summary>
    /// <param name="count">
    /// Counts the changes of a turn that the watcher would miss: if too many wait, the oldest turns are dropped, and
    /// <see cref="CommittedTurn.Missed"/> of the next turn is their total. Without it, the subscription ends instead.
    /// </param>
    public Subscription Subscribe(Func<CommittedTurn, int>? count = null)
    {
        var watcher = new Subscription(this, count);
        lock (_lock)
        {
            _watchers = [.. _watchers, watcher];
        }

        return watcher;
    }

    public void Publish(DateTimeOffset at, IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var turn = new CommittedTurn(at, changes);
        foreach (var watcher in _watchers)
        {
            if (!watcher.TryAdd(turn))
            {
                watcher.Dispose();
            }
        }
    }

    private void Remove(Subscription watcher)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers.Where(w => w != watcher)];
        }
    }

    internal sealed class Subscription(ChangeFeed feed, Func<CommittedTurn, int>? count) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly Queue<CommittedTurn> _turns = new();
        private readonly Channel<bool> _signal =
            Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private int _waiting;
        private int _missed;

        /// <summary>Enumerates the turns, until the subscription is disposed; turns that wait at that time are included.</summary>
        public async IAsyncEnumerable<CommittedTurn> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            bool isOpen;
            do
            {
                isOpen = await _signal.Reader.WaitToReadAsync(cancellationToken);
                _signal.Reader.TryRead(out _);
                while (TryTake() is { } turn)
                {
                    yield return turn;
                }
            }
            while (isOpen);
        }

        public void Dispose()
        {
            feed.Remove(this);
            _signal.Writer.TryComplete();
        }

        /// <returns>False if the watcher is too far behind and must be cut off.</returns>
        internal bool TryAdd(CommittedTurn turn)
        {
            lock (_lock)
            {
                if (_turns.Count > 0 && _waiting + turn.Changes.Count > MaximumBacklog && count is null)
                {
                    return false;
                }

                _turns.Enqueue(turn);
                _waiting += turn.Changes.Count;
                // A turn is never dropped for its own size.
                while (_waiting > MaximumBacklog && _turns.Count > 1)
                {
                    var dropped = _turns.Dequeue();
                    _waiting -= dropped.Changes.Count;
                    _missed += count!(dropped);
                }
            }

            _signal.Writer.TryWrite(true);
            return true;
        }

        private CommittedTurn? TryTake()
        {
            lock (_lock)
            {
                if (!_turns.TryDequeue(out var turn))
                {
                    return null;
                }

                _waiting -= turn.Changes.Count;
                turn = turn with { Missed = _missed };
                _missed = 0;
                return turn;
            }
        }
    }
}
