using LiteDB.Engine;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>
/// Reads of committed states beside the writer. Each read has a separate engine over the pages of the last commit: LiteDB's page cache is
/// not safe for several threads (a page can be reused while another thread begins to read it), and opening an engine takes some hundred
/// microseconds.
/// </summary>
internal sealed class Snapshots(DataFile data, CommitLog log) : IDisposable
{
    /// <summary>Number of engines that are kept for the next read, if nothing is committed before it.</summary>
    private const int MaximumIdle = 2;

    /// <summary>An engine that has read more pages than this (8 MB) is not kept, since its cache never shrinks.</summary>
    private const int MaximumPagesOfIdle = 1_000;

    private readonly object _lock = new();
    private readonly Stack<Snapshot> _idle = [];
    private readonly List<long> _active = [];
    private bool _isDisposed;

    /// <summary>Reads the last committed state. It stays the same throughout, whatever is written meanwhile.</summary>
    public T Read<T>(Func<LiteDbSession, T> read)
    {
        var version = Enter(out var idle);
        try
        {
            var snapshot = idle ?? Open(version);
            var isSound = false;
            try
            {
                var result = read(snapshot.Session);
                isSound = true;
                return result;
            }
            finally
            {
                Return(snapshot, isSound);
            }
        }
        finally
        {
            Leave(version);
        }
    }

    /// <summary>Waits until no read of a state older than the last commit remains.</summary>
    /// <returns>False if such a read remains after some time.</returns>
    public bool WaitForOlder(TimeSpan patience)
    {
        lock (_lock)
        {
            var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
            while (_active.Exists(version => version < log.Version))
            {
                var rest = end - Environment.TickCount64;
                if (rest <= 0 || !Monitor.Wait(_lock, TimeSpan.FromMilliseconds(rest)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            DropIdle();
        }
    }

    private long Enter(out Snapshot? idle)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var version = log.Version;
            if (_idle.TryPeek(out idle) && idle.Version != version)
            {
                DropIdle();
            }

            _active.Add(version);
            _idle.TryPop(out idle);
            return version;
        }
    }

    private void Leave(long version)
    {
        lock (_lock)
        {
            _active.Remove(version);
            Monitor.PulseAll(_lock);
        }
    }

    private void Return(Snapshot snapshot, bool isSound)
    {
        lock (_lock)
        {
            if (isSound
                && !_isDisposed
                && snapshot.Version == log.Version
                && snapshot.PagesRead <= MaximumPagesOfIdle
                && _idle.Count < MaximumIdle)
            {
                _idle.Push(snapshot);
                return;
            }
        }

        snapshot.Dispose();
    }

    private void DropIdle()
    {
        while (_idle.TryPop(out var snapshot))
        {
            snapshot.Dispose();
        }
    }

    private Snapshot Open(long version)
    {
        var stream = new SnapshotStream(data, log, version);
        return new(version, stream, new LiteEngine(new EngineSettings { DataStream = stream, ReadOnly = true }));
    }

    private sealed class Snapshot(long version, SnapshotStream stream, LiteEngine engine) : IDisposable
    {
        public long Version => version;

        public int PagesRead => stream.PagesRead;

        public LiteDbSession Session { get; } = new(engine);

        public void Dispose()
        {
            engine.Dispose();
            stream.Dispose();
        }
    }
}
