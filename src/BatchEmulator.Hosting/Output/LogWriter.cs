using System.Collections.Concurrent;
using System.Threading.Channels;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Logs;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// The only one who writes <c>logs.db</c>: takes what waits, stores it in one transaction, tells those who wait. Between two
/// transactions it removes a bounded number of old events.
/// <para>
/// While the file cannot be written, nothing waits for it: changes that somebody waits for fail. Output is kept in memory and tried again; beyond a
/// bound it is lost, which is counted and reported.
/// </para>
/// </summary>
internal sealed partial class LogWriter : IAsyncDisposable
{
    private readonly Channel<LogWrite> _queue = Channel.CreateBounded<LogWrite>(new BoundedChannelOptions(LogLimits.QueuedWrites)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    private readonly ConcurrentQueue<OpeningWrite> _openings = new();
    private readonly SemaphoreSlim _largeWrites = new(LogLimits.LargeWrites, LogLimits.LargeWrites);
    private readonly LostOutput _lost = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogTables _tables;
    private readonly ILogger _logger;
    private readonly Task _loop;

    /// <summary>Guards the change from storing to failing and back.</summary>
    private readonly Lock _gate = new();
    private CancellationTokenSource _storing = new();
    private PartFailure? _failure;

    /// <summary>Openings that are not stored yet.</summary>
    private int _unopened;
    private bool _willWake;

    public LogWriter(LogTables tables, ILogger logger)
    {
        _tables = tables;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Why nothing is stored at the moment; null while everything is.</summary>
    public PartFailure? Failure => Volatile.Read(ref _failure) is { } failure
        ? _lost.Lines > 0 ? failure with { Error = $"{failure.Error} {_lost.Lines} lines of output lost so far." } : failure
        : null;

    /// <summary>Cancelled as soon as the file cannot be written; those who wait for it go on then.</summary>
    public CancellationToken Storing => Volatile.Read(ref _storing).Token;

    /// <summary>Whether streams are still to be created.</summary>
    public bool HasOpenings => Volatile.Read(ref _unopened) > 0;

    private bool IsFailing => Volatile.Read(ref _failure) is not null;

    /// <summary>
    /// Enqueues a change that somebody waits for. Waits while the queue is full; those who wait are served in order of arrival, so nobody waits
    /// longer than one queue's length.
    /// </summary>
    /// <exception cref="LogsException">There is no room, and none is made because the file cannot be written.</exception>
    public async ValueTask EnqueueAsync(LogWrite write)
    {
        if (!await TryEnqueueAsync(write))
        {
            throw LogsException.Unavailable();
        }
    }

    /// <summary>Enqueues a line. Waits while the queue is full, unless the file cannot be written: the line is then lost.</summary>
    public async ValueTask AppendAsync(LineWrite line)
    {
        if (!await TryEnqueueAsync(line))
        {
            _lost.Add(line);
        }
    }

    /// <summary>Has a stream created, without waiting.</summary>
    public void Open(OpeningWrite opening)
    {
        if (Interlocked.Increment(ref _unopened) > LogLimits.KeptOpenings)
        {
            Interlocked.Decrement(ref _unopened);
            _lost.AddStream();
            return;
        }

        _openings.Enqueue(opening);
        if (!Interlocked.Exchange(ref _willWake, true))
        {
            _ = WakeLaterAsync();
        }
    }

    /// <summary>Without waiting: if the queue is full the next timer's tick will do.</summary>
    public void RequestRemoval() => _queue.Writer.TryWrite(new RemovalWrite());

    /// <summary>Notes that a flush was waited for in vain: nobody waits any more until something is stored.</summary>
    public void NoteNotAnswering()
    {
        if (Fail("The file of the log output does not answer."))
        {
            LogNotAnswering(LogLimits.FlushPatience);
        }
    }

    /// <summary>Stores everything that was enqueued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _ending.TrySetResult();
        await _loop;
        _tables.Dispose();
        _largeWrites.Dispose();
    }

    private async ValueTask<bool> TryEnqueueAsync(LogWrite write)
    {
        var storing = Storing;
        if (!write.IsLarge)
        {
            return _queue.Writer.TryWrite(write) || await WriteAsync(write, storing);
        }

        var isPermitted = _largeWrites.Wait(0) || await PermitAsync(storing);
        if (isPermitted && (_queue.Writer.TryWrite(write) || await WriteAsync(write, storing)))
        {
            return true;
        }

        if (isPermitted)
        {
            _largeWrites.Release();
        }

        return false;
    }

    private async ValueTask<bool> WriteAsync(LogWrite write, CancellationToken storing)
    {
        try
        {
            await _queue.Writer.WriteAsync(write, storing);
            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    private async ValueTask<bool> PermitAsync(CancellationToken storing)
    {
        try
        {
            await _largeWrites.WaitAsync(storing);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Many short jobs that write nothing make a few transactions, not one each; whoever reads flushes.</summary>
    private async Task WakeLaterAsync()
    {
        await Task.Delay(LogLimits.OpeningLinger);
        // An opening from now on is perhaps too late for this waking, so it has one of its own.
        Volatile.Write(ref _willWake, false);
        // Refused by a full queue only: then the writer is awake, and looks for openings anyway.
        _queue.Writer.TryWrite(WakingWrite.Instance);
    }

    private async Task RunAsync()
    {
        var writes = new List<LogWrite>();
        while (!_queue.Reader.Completion.IsCompleted)
        {
            Take(writes);
            if (writes.Count > 0 || IsFailing || _lost.HasUnreported)
            {
                Store(writes);
                if (IsFailing)
                {
                    await Task.WhenAny(_ending.Task, Task.Delay(LogLimits.RetryPause));
                }
            }
            else if (!_tables.Removal.Pending || !TryInTransaction(_tables.Removal.Pass, out _))
            {
                await _queue.Reader.WaitToReadAsync();
            }
        }

        Take(writes);
        if (writes.Count > 0 && !IsFailing)
        {
            Store(writes);
        }

        writes.ForEach(write => Fail(write, LogsException.Unavailable()));
        if (_lost.Settle() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
        {
            OutputLost(lines, streams);
        }
    }

    private void Take(List<LogWrite> writes)
    {
        // While nothing is stored the queue is emptied all the same, so that nobody waits in it.
        var most = IsFailing ? int.MaxValue : LogLimits.WritesPerTransaction;
        for (var taken = 0; taken < most && _queue.Reader.TryRead(out var write); taken++)
        {
            if (write is not WakingWrite)
            {
                writes.Add(write);
            }
        }

        // After the queue: a flush in it comes after the openings that were asked for before it.
        while (_openings.TryDequeue(out var opening))
        {
            writes.Add(opening);
        }
    }

    /// <summary>Stores the writes, or leaves those that are to be tried again.</summary>
    private void Store(List<LogWrite> writes)
    {
        var losses = _lost.Unreported();
        var stored = TryInTransaction(
            () =>
            {
                writes.ForEach(write => write.Apply(_tables));
                foreach (var (stream, loss) in losses)
                {
                    _tables.Events.AppendLoss(stream, loss);
                }

                // In the same transaction: a busy queue never leaves a moment of its own for it.
                if (_tables.Removal.Pending)
                {
                    _tables.Removal.Pass();
                }
            },
            out var failure);
        if (stored)
        {
            _lost.Reported(losses);
            writes.ForEach(Finish);
            writes.Clear();
            return;
        }

        var lines = 0;
        writes.RemoveAll(write =>
        {
            // Anything but the file's trouble would come again with the same writes.
            var isKept = failure is SqliteException && (write is OpeningWrite || (write is LineWrite && ++lines <= LogLimits.KeptLines));
            if (!isKept)
            {
                Fail(write, failure!);
            }

            return !isKept;
        });
    }

    private void Finish(LogWrite write)
    {
        write.Committed();
        Release(write);
    }

    private void Fail(LogWrite write, Exception failure)
    {
        write.Failed(failure);
        if (write is LineWrite line)
        {
            _lost.Add(line);
        }
        else if (write is OpeningWrite)
        {
            _lost.AddStream();
        }

        Release(write);
    }

    private void Release(LogWrite write)
    {
        if (write.IsLarge)
        {
            _largeWrites.Release();
        }

        if (write is OpeningWrite)
        {
            Interlocked.Decrement(ref _unopened);
        }
    }

    // A log that cannot be stored (a full disk) costs its lines at most: the jobs go on, and so does the writer.
    private bool TryInTransaction(Action work, out Exception? failure)
    {
        try
        {
            _tables.InTransaction(work);
            failure = null;
            Succeed();
            return true;
        }
#pragma warning disable CA1031 // The writer must outlive every failure, or all jobs would wait for it for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            if (Fail($"Log output cannot be stored: {e.Message}"))
            {
                LogNotStored(LogLimits.KeptLines, e);
            }

            return false;
        }
    }

    /// <returns>Whether it has just begun to fail.</returns>
    private bool Fail(string error)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return false;
            }

            Volatile.Write(ref _failure, PartFailure.Now(error));
            // Never here, where the writer may be: whoever is woken goes on elsewhere.
            _ = _storing.CancelAsync();
            return true;
        }
    }

    private void Succeed()
    {
        lock (_gate)
        {
            if (_failure is null)
            {
                return;
            }

            Volatile.Write(ref _storing, new CancellationTokenSource());
            Volatile.Write(ref _failure, null);
        }

        if (_lost.Settle() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
        {
            LogWritingAgainAfterLoss(lines, streams);
        }
        else
        {
            LogWritingAgain();
        }
    }
}
