using BatchEmulator.Core;
using BatchEmulator.Core.Storage;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// A log store behind a queue: writes go through one writer that groups them, and a few reads run concurrently. Every read sees all writes
/// completed before it.
/// </summary>
internal sealed class QueuedLogStore : IAsyncDisposable
{
    private readonly ILogStore _store;
    private readonly LogWriter _writer;
    private readonly SemaphoreSlim _readers = new(OutputLimits.Readers, OutputLimits.Readers);
    private readonly ITimer _purges;

    /// <param name="store">The store; the caller disposes it afterwards.</param>
    /// <param name="time">Clock for the retention.</param>
    /// <param name="logger">Logger.</param>
    public QueuedLogStore(ILogStore store, TimeProvider time, ILogger<LogWriter> logger)
    {
        _store = store;
        Time = time;
        _writer = new(store, time, logger);
        _writer.Start();
        _purges = time.CreateTimer(
            static w => ((LogWriter)w!).RequestPurge(), _writer, OutputLimits.PurgeInterval, OutputLimits.PurgeInterval);
    }

    public TimeProvider Time { get; }

    /// <summary>Failure to store; null while writes succeed.</summary>
    public PartFailure? Failure => _writer.Failure;

    /// <summary>
    /// Creates the stream of a container that has started, and its group, unless they exist. Returns at once: every later read sees them,
    /// and while the store cannot be written they wait until it can.
    /// </summary>
    public void OpenStream(LogStreamKey stream) => _writer.Open(new OpeningWrite(stream));

    /// <summary>
    /// Adds a line that a job wrote; group and stream are created if they do not exist. Waits while too much is queued; if the store cannot
    /// be written then, the line is lost instead, which is counted and reported in its stream. A line longer than
    /// <see cref="OutputLimits.MaximumLineBytes"/> becomes several events; an empty one is counted but makes no event.
    /// </summary>
    public async ValueTask AppendAsync(LogStreamKey stream, DateTimeOffset at, string message)
    {
        var time = Math.Max(0, at.ToUnixTimeMilliseconds());
        var rest = message.AsMemory();
        if (message.Length > OutputLimits.MaximumLineBytes / 3)
        {
            // Three bytes per UTF-16 unit at most: shorter lines cannot be too long.
            while (Excerpt.LengthWithin(rest.Span, OutputLimits.MaximumLineBytes) is var length && length < rest.Length)
            {
                await AppendAsync(stream, new LogLine(time, rest[..length].ToString(), Lines: 0));
                rest = rest[length..];
            }
        }

        await AppendAsync(stream, new LogLine(time, rest.Length == message.Length ? message : rest.ToString()));
    }

    /// <summary>Completes when all earlier lines are readable.</summary>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public Task FlushAsync() => WriteAsync(static _ => { });

    /// <summary>Like <see cref="FlushAsync"/>, but never fails, and does not wait for a store that cannot be written.</summary>
    /// <returns>True if everything is readable.</returns>
    public async Task<bool> TryFlushAsync()
    {
        var storing = _writer.Storing;
        if (storing.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            await FlushAsync().WaitAsync(OutputLimits.FlushPatience, storing);
            return true;
        }
        catch (TimeoutException)
        {
            _writer.NoteNotAnswering();
            return false;
        }
        catch (Exception exception) when (exception is OperationCanceledException or StorageException)
        {
            // The writer has logged it.
            return false;
        }
    }

    /// <summary>
    /// Returns the number of lines ever appended to the stream, empty and lost ones included; 0 if there is none. Earlier lines are
    /// included if the store can be written.
    /// </summary>
    public async Task<long> CountAsync(LogStreamKey stream)
    {
        await TryFlushAsync();
        return await ReadAsync(snapshot => snapshot.FindStream(stream)?.Lines ?? 0);
    }

    /// <summary>Removes all groups of all scopes.</summary>
    public Task RemoveAllAsync() => WriteAsync(static transaction => transaction.RemoveAll());

    /// <summary>Requests a purge of events past their retention and of removed groups and streams; this also happens regularly.</summary>
    public void RequestPurge() => _writer.RequestPurge();

    /// <summary>Removes events past their retention now, if the store can be written.</summary>
    public async Task EnforceRetentionAsync()
    {
        if (!await TryFlushAsync())
        {
            return;
        }

        try
        {
            var isComplete = false;
            while (!isComplete)
            {
                await WriteAsync(transaction => isComplete = transaction.Purge(OutputLimits.PurgedPerPass));
            }
        }
        catch (StorageException)
        {
            // The writer has logged it, and the timer tries again.
        }
    }

    /// <summary>Makes a change; completes when it is stored.</summary>
    /// <param name="change">
    /// Makes the change, on the writer. A <see cref="RefusalException"/> before its first change refuses only this change.
    /// </param>
    /// <param name="isLarge">True if it carries much data.</param>
    /// <exception cref="RefusalException">The change is refused.</exception>
    /// <exception cref="StorageException">The store cannot be written.</exception>
    public async Task WriteAsync(Action<ILogTransaction> change, bool isLarge = false)
    {
        var write = new AwaitedWrite(change) { IsLarge = isLarge };
        await _writer.EnqueueAsync(write);
        await write.Done;
    }

    /// <summary>Reads in one snapshot.</summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public async Task<T> ReadAsync<T>(Func<ILogSnapshot, T> read, CancellationToken cancellationToken = default)
    {
        if (_writer.HasOpenings)
        {
            // After a container's start is visible, its stream can be read.
            await TryFlushAsync();
        }

        await _readers.WaitAsync(cancellationToken);
        try
        {
            return _store.Read(read);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>Stores all enqueued writes, if the store can be written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _purges.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private ValueTask AppendAsync(LogStreamKey stream, LogLine line) => _writer.AppendAsync(new LineWrite(stream, line)
    {
        IsLarge = line.Text.Length >= OutputLimits.LargeWriteCharacters,
    });
}
