using System.Threading.Channels;

namespace BatchEmulator.Server.Logs;

/// <summary>
/// The only one who writes <c>logs.db</c>: takes what waits, stores it in one transaction, tells those who wait. Between two
/// transactions it removes a bounded number of old events.
/// </summary>
internal sealed partial class LogWriter : IAsyncDisposable
{
    private readonly Channel<LogWrite> _queue = Channel.CreateBounded<LogWrite>(new BoundedChannelOptions(LogLimits.QueuedWrites)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    private readonly SemaphoreSlim _largeWrites = new(LogLimits.LargeWrites, LogLimits.LargeWrites);
    private readonly LogTables _tables;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private bool _failing;

    public LogWriter(LogTables tables, ILogger logger)
    {
        _tables = tables;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Waits while the queue is full; those who wait are served in order of arrival, so nobody waits longer than one queue's length.</summary>
    public async ValueTask EnqueueAsync(LogWrite write)
    {
        if (!write.IsLarge)
        {
            await _queue.Writer.WriteAsync(write);
            return;
        }

        await _largeWrites.WaitAsync();
        try
        {
            await _queue.Writer.WriteAsync(write);
        }
        catch
        {
            _largeWrites.Release();
            throw;
        }
    }

    /// <summary>Without waiting: if the queue is full the next timer's tick will do.</summary>
    public void RequestRemoval() => _queue.Writer.TryWrite(new RemovalWrite());

    /// <summary>Stores everything that was enqueued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _tables.Dispose();
        _largeWrites.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<LogWrite>();
        while (!_queue.Reader.Completion.IsCompleted)
        {
            while (batch.Count < LogLimits.WritesPerTransaction && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            if (batch.Count > 0)
            {
                Store(batch);
                batch.Clear();
            }
            else if (!_tables.Removal.Pending || _failing || !TryInTransaction(_tables.Removal.Pass))
            {
                await _queue.Reader.WaitToReadAsync();
            }
        }
    }

    private void Store(List<LogWrite> batch)
    {
        Exception? failure = null;
        var stored = TryInTransaction(
            () =>
            {
                foreach (var write in batch)
                {
                    write.Apply(_tables);
                }

                // In the same transaction: a busy queue never leaves a moment of its own for it.
                if (_tables.Removal.Pending)
                {
                    _tables.Removal.Pass();
                }
            },
            e => failure = e);
        foreach (var write in batch)
        {
            if (stored)
            {
                write.Committed();
            }
            else
            {
                write.Failed(failure!);
            }

            if (write.IsLarge)
            {
                _largeWrites.Release();
            }
        }
    }

    // A log that cannot be stored (a full disk) costs its lines and nothing else: the jobs go on, and so does the writer.
    private bool TryInTransaction(Action work, Action<Exception>? failed = null)
    {
        try
        {
            _tables.InTransaction(work);
            if (_failing)
            {
                _failing = false;
                LogWritingAgain();
            }

            return true;
        }
#pragma warning disable CA1031 // The writer must outlive every failure, or all jobs would wait for it for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_failing)
            {
                _failing = true;
                LogNotStored(e);
            }

            failed?.Invoke(e);
            return false;
        }
    }
}
