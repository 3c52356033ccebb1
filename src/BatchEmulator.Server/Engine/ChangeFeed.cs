using System.Threading.Channels;
using BatchEmulator.Core.Engine;

namespace BatchEmulator.Server.Engine;

/// <summary>Tells watchers what was committed. A watcher that falls too far behind is cut off rather than waited for.</summary>
internal sealed class ChangeFeed
{
    /// <summary>Turns that a watcher may be behind.</summary>
    private const int MaximumBacklog = 10_000;

    private readonly Lock _lock = new();
    private Channel<IReadOnlyList<Change>>[] _watchers = [];

    public Subscription Subscribe()
    {
        var channel = Channel.CreateBounded<IReadOnlyList<Change>>(MaximumBacklog);
        lock (_lock)
        {
            _watchers = [.. _watchers, channel];
        }

        return new Subscription(this, channel);
    }

    public void Publish(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        foreach (var watcher in _watchers)
        {
            if (!watcher.Writer.TryWrite(changes))
            {
                Unsubscribe(watcher);
            }
        }
    }

    private void Unsubscribe(Channel<IReadOnlyList<Change>> channel)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers.Where(w => w != channel)];
        }

        channel.Writer.TryComplete();
    }

    internal sealed class Subscription(ChangeFeed feed, Channel<IReadOnlyList<Change>> channel) : IDisposable
    {
        public ChannelReader<IReadOnlyList<Change>> Changes => channel.Reader;

        public void Dispose() => feed.Unsubscribe(channel);
    }
}
