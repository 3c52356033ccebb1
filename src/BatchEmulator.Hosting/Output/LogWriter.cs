using System.Collections.Concurrent;
using System.Threading.Channels;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// The single writer of the log store: takes pending writes, stores them in one transaction, and notifies their callers. Between two
/// transactions it removes a bounded number of old events.
/// <para>
/// While the store cannot be written, nothing waits for it: awaited changes fail. Output is kept in memory and tried again; beyond a limit
/// it is lost, which is counted and reported.
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

    /// <summary>Number of openings that are not stored yet.</summary>
    private int _unopened;
    private bool _willWake;

    /// <summary>True if there may be events to purge, as at the start.</summary>
    private bool _isPurgeDue = true;

    /// <summary>Failure to store; null while writes succeed.</summary>
    public PartFailure? Failure => _condition.Failure is { } failure
        ? _lost.Lines > 0 ? failure with { Error = $"{failure.Error} {_lost.Lines} lines of output lost so far." } : failure
        : null;

    /// <inheritdoc cref="StoreCondition.Storing"/>
    public CancellationToken Storing => _condition.Storing;

    /// <summary>Returns true if streams are still to be created.</summary>
    public bool HasOpenings => Volatile.Read(ref _unopened) > 0;

    /// <summary>Starts the writer.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// Enqueues a change that a caller waits for. Waits while the queue is full; waiting callers are served in order of arrival, so none
    /// waits longer than one queue's length.
    /// </summary>
    /// <exception cref="StorageException">The queue is full, and is not being emptied because the store cannot be written.</exception>
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

    /// <summary>Requests the creation of a stream, without waiting.</summary>
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

    /// <summary>Requests a purge, without waiting: if the queue is full, the next tick of the timer is soon enough.</summary>
    public void RequestPurge() => _queue.Writer.TryWrite(WakingWrite.ForPurge);

    /// <summary>Notes that a flush timed out: nobody waits any more until something is stored.</summary>
    public void NoteNotAnswering()
    {
        if (_condition.Fail("The file of the log output does not answer."))
        {
            LogNotAnswering(OutputLimits.FlushPatience);
        }
    }

    /// <summary>Stores all enqueued writes, then ends.</summary>
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

    /// <summary>Wakes the writer after a delay, so that many short jobs without output share a few transactions; readers flush.</summary>
    private async Task WakeLaterAsync()
    {
        await Task.Delay(OutputLimits.OpeningLinger);
        // A later opening may be too late for this waking, so it gets its own.
        Volatile.Write(ref _willWake, false);
        // Refused only if the queue is full: then the writer is awake, and looks for openings anyway.
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
        if (_lost.Reset() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
        {
            OutputLost(lines, streams);
        }
    }

    private void Take(List<LogWrite> writes)
    {
        // While writes fail the queue is emptied all the same, so that nobody waits in it.
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

    /// <summary>Stores the writes, or keeps those that must be tried again.</summary>
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
            // Any exception but a failure of the store would recur with the same writes.
            var isKept = failure is StorageException
                && (write is OpeningWrite || (write is LineWrite && ++lines <= OutputLimits.KeptLines));
            if (!isKept)
            {
                Fail(write, failure);
            }

            return !isKept;
        });
    }

    /// <summary>Reports a failure to store (e.g. a full disk), which costs lines at most: jobs and writer continue.</summary>
    /// <returns>Failure to store; null if everything was stored.</returns>
    private Exception? TryStore(List<LogWrite> writes, IReadOnlyList<KeyValuePair<LogStreamKey, LostOutput.Loss>> losses)
    {
        var isPurged = false;
        try
        {
            store.Write(time.GetUtcNow(), transaction =>
            {
                Apply(transaction, writes, losses);
                // In the same transaction: a busy queue leaves no other time for it.
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
        if (_lost.Reset() is { Lines: var lines, Streams: var streams } && lines + streams > 0)
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
