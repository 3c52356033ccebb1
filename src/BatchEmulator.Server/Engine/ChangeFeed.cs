using System.Threading.Channels;
using BatchEmulator.Core.Engine;

namespace BatchEmulator.Server.Engine;

/// <summary>What a turn changed, and the time of it.</summary>
internal sealed record CommittedTurn(DateTimeOffset At, IReadOnlyList<Change> Changes);

/// <summary>Tells watchers what was committed. A watcher that falls too far behind misses something or is cut off, rather than waited for.</summary>
internal sealed class ChangeFeed
{
    /// <summary>Turns that a watcher may be behind.</summary>
    private const int MaximumBacklog = 10_000;

    private readonly Lock _lock = new();
    private Channel<CommittedTurn>[] _watchers = [];

    /// <summary>Tells of all turns from now on.</summary>
    /// <param name="missed">
    /// Is told the oldest turn that was not read yet when there are too many; without it, the subscription then ends.
    /// </param>
    public Subscription Subscribe(Action<CommittedTurn>? missed = null)
    {
        var channel = missed is null
            ? Channel.CreateBounded<CommittedTurn>(MaximumBacklog)
            : Channel.CreateBounded(new BoundedChannelOptions(MaximumBacklog) { FullMode = BoundedChannelFullMode.DropOldest }, missed);
        lock (_lock)
        {
            _watchers = [.. _watchers, channel];
        }

        return new Subscription(this, channel);
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
            if (!watcher.Writer.TryWrite(turn))
            {
                Unsubscribe(watcher);
            }
        }
    }

    private void Unsubscribe(Channel<CommittedTurn> channel)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers.Where(w => w != channel)];
        }

        channel.Writer.TryComplete();
    }

    internal sealed class Subscription(ChangeFeed feed, Channel<CommittedTurn> channel) : IDisposable
    {
        public ChannelReader<CommittedTurn> Changes => channel.Reader;

        public void Dispose() => feed.Unsubscribe(channel);
    }
}
