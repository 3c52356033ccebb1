using System.Collections.Concurrent;
using System.Threading.Channels;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// The only one who writes the log store: takes what waits, stores it in one transaction, tells those who wait. Between two
/// transactions it removes a bounded number of old events.
/// <para>
/// While the store cannot be written, nothing waits for it: changes that somebody waits for fail. Output is kept in memory and tried again;
/// beyond a bound it is lost, which is counted and reported.
/// </para>
/// </summary>
internal sealed partial class LogWriter(ILogStore store, TimeProvider time, ILogger<LogWriter> logger) : IAsyncDisposable
{
    private readonly Channel<LogWrite> _queue = Channel.CreateBounded<LogWrite>(new BoundedChannelOptions(OutputLimits.QueuedWrites)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    private readonly ConcurrentQueue<OpeningWrite> _openings = new();
    private readonly SemaphoreSlim _largeWrites = new(OutputLimits.LargeWrites, OutputLimits.LargeWrites);
    private readonly LostOutput _lost = new();
    private readonly StoreCondition _condition = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;

    /// <summary>Openings that are not stored yet.</summary>
    private int _unopened;
    private bool _willWake;

    /// <summary>There may be something to purge, as at the start.</summary>
    private bool _isPurgeDue = true;

    /// <summary>Why nothing is stored at the moment; null while everything is.</summary>
    public PartFailure? Failure => _condition.Failure is { } failure
        ? _lost.Lines > 0 ? failure with { Error = $"{failure.Error} {_lost.Lines} lines of output lost so far." } : failure
        : null;

    /// <inheritdoc cref="StoreCondition.Storing"/>
    public CancellationToken Storing => _condition.Storing;

    /// <summary>Whether streams are still to be created.</summary>
    public bool HasOpenings => Volatile.Read(ref _unopened) > 0;

    /// <summary>Begins to write.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// Enqueues a change that somebody waits for. Waits while the queue is full; those who wait are served in order of arrival, so nobody
    /// waits longer than one queue's length.
    /// </summary>
    /// <exception cref="StorageException">There is no room, and none is made because the store cannot be written.</exception>
    public async ValueTask EnqueueAsync(LogWrite write)
    {
        if (!await TryEnqueueAsync(write))
        {
            throw Unavailable();
        }
    }

    /// <summary>Enqueues a line. Waits while the queue is full, unless the store cannot be written: the line is then lost.</summary>
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
        if (Interlocked.Increment(ref _unopened) > OutputLimits.KeptOpenings)
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
    public void RequestPurge() => _queue.Writer.TryWrite(WakingWrite.ForPurge);

    /// <summary>Notes that a flush was waited for in vain: nobody waits any more until something is stored.</summary>
    public void NoteNotAnswering()
    {
        if (_condition.Fail("The file of the log output does not answer."))
        {
            LogNotAnswering(OutputLimits.FlushPatience);
        }
    }

    /// <summary>Stores everything that was enqueued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _ending.TrySetResult();
        await _loop;
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
        await Task.Delay(OutputLimits.OpeningLinger);
        // An opening from now on is perhaps too late for this waking, so it has one of its own.
        Volatile.Write(ref _willWake, false);
        // Refused by a full queue only: then the writer is awake, and looks for openings anyway.
        _queue.Writer.TryWrite(WakingWrite.ForOpenings);
    }

    private async Task RunAsync()
    {
        var writes = new List<LogWrite>();
        while (!_queue.Reader.Completion.IsCompleted)
        {
            Take(writes);
            if (writes.Count > 0 || _isPurgeDue || _lost.HasUnreported || _condition.IsFailing)
            {
                Store(writes);
            }
            else
            {
                await _queue.Reader.WaitToReadAsync();
            }

            if (_condition.IsFailing)
            {
                await Task.WhenAny(_ending.Task, Task.Delay(OutputLimits.RetryPause));
            }
        }

        Take(writes);
        if (writes.Count > 0 && !_condition.IsFailing)
        {
            Store(writes);
        }

        writes.ForEach(write => Fail(write, Unavailable()));
        if (_lost.Settle() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
        {
            OutputLost(lines, streams);
        }
    }

    private void Take(List<LogWrite> writes)
    {
        // While nothing is stored the queue is emptied all the same, so that nobody waits in it.
        var most = _condition.IsFailing ? int.MaxValue : OutputLimits.WritesPerTransaction;
        for (var taken = 0; taken < most && _queue.Reader.TryRead(out var write); taken++)
        {
            if (write is WakingWrite waking)
            {
                _isPurgeDue |= waking.Purges;
            }
            else
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
        if (TryStore(writes, losses) is not { } failure)
        {
            _lost.Reported(losses);
            writes.ForEach(Finish);
            writes.Clear();
            return;
        }

        var lines = 0;
        writes.RemoveAll(write =>
        {
            // Anything but the store's trouble would come again with the same writes.
            var isKept = failure is StorageException
                && (write is OpeningWrite || (write is LineWrite && ++lines <= OutputLimits.KeptLines));
            if (!isKept)
            {
                Fail(write, failure);
            }

            return !isKept;
        });
    }

    /// <summary>A log that cannot be stored (a full disk) costs its lines at most: the jobs go on, and so does the writer.</summary>
    /// <returns>Why nothing was stored; null if everything was.</returns>
    private Exception? TryStore(List<LogWrite> writes, IReadOnlyList<KeyValuePair<LogStreamKey, LostOutput.Loss>> losses)
    {
        var isPurged = false;
        try
        {
            store.Write(time.GetUtcNow(), transaction =>
            {
                Apply(transaction, writes, losses);
                // In the same transaction: a busy queue never leaves a moment of its own for it.
                isPurged = _isPurgeDue && transaction.Purge(OutputLimits.PurgedPerPass);
            });
        }
#pragma warning disable CA1031 // The writer must outlive every failure, or all jobs would wait for it for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_condition.Fail($"Log output cannot be stored: {exception.Message}"))
            {
                LogNotStored(OutputLimits.KeptLines, exception);
            }

            return exception;
        }

        _isPurgeDue &= !isPurged;
        if (_condition.Succeed())
        {
            ReportRecovery();
        }

        return null;
    }

    private static void Apply(
        ILogTransaction transaction, List<LogWrite> writes, IReadOnlyList<KeyValuePair<LogStreamKey, LostOutput.Loss>> losses)
    {
        writes.ForEach(write => write.Apply(transaction));
        foreach (var (stream, loss) in losses)
        {
            transaction.AppendLine(stream, loss.Notice);
        }
    }

    private void ReportRecovery()
    {
        if (_lost.Settle() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
        {
            LogWritingAgainAfterLoss(lines, streams);
        }
        else
        {
            LogWritingAgain();
        }
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

    private static StorageException Unavailable() => new("The log store cannot be written at the moment.");
}
