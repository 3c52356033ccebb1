using System.Text;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Health;
using BatchEmulator.Hosting.Logs;
using BatchEmulator.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// Log groups, streams and events in a SQLite file of their own, so that the output of jobs never delays their scheduling. Writes
/// go through one writer that groups them; reads have their own connections and see every committed write.
/// </summary>
internal sealed partial class LogStore : IAsyncDisposable
{
    private readonly LogWriter _writer;
    private readonly SqliteReaderPool _readers;
    private readonly ITimer _retention;

    private LogStore(LogWriter writer, SqliteReaderPool readers, TimeProvider time)
    {
        _writer = writer;
        _readers = readers;
        Time = time;
        _retention = time.CreateTimer(static w => ((LogWriter)w!).RequestRemoval(), writer, LogLimits.RetentionInterval, LogLimits.RetentionInterval);
    }

    public TimeProvider Time { get; }

    /// <summary>Why nothing is stored at the moment; null while everything is.</summary>
    public PartFailure? Failure => _writer.Failure;

    /// <summary>
    /// Opens <c>logs.db</c> in the folder, and creates it if needed. A file that is damaged or of a newer version is set aside, and a new
    /// one begun: old output is no reason to run no jobs.
    /// </summary>
    public static LogStore Open(string folder, TimeProvider time, ILogger<LogStore> logger)
    {
        var path = Path.Combine(folder, "logs.db");
        try
        {
            return OpenFile(path, time, logger);
        }
        catch (Exception exception) when (UnusableDatabase.HasBadContent(exception))
        {
            SetAside(logger, path, LogFiles.SetAside(path, time.GetUtcNow()), exception.Message);
            return OpenFile(path, time, logger);
        }
    }

    /// <summary>
    /// Creates the stream of a container that has started, and its group, unless they exist. Returns at once: every later read sees them, and
    /// while the file cannot be written they wait until it can.
    /// </summary>
    public void OpenStream(LogStreamKey stream) => _writer.Open(new OpeningWrite(stream));

    /// <summary>
    /// Adds a line that a job wrote; group and stream are created if they do not exist. Waits while too much is queued; if the file cannot be
    /// written then, the line is lost instead, which is counted and reported in its stream. A line longer than
    /// <see cref="LogLimits.MaxLineBytes"/> becomes several events; an empty one is counted but makes no event.
    /// </summary>
    public async ValueTask AppendAsync(Scope scope, string group, string stream, DateTimeOffset at, string message)
    {
        var time = Math.Max(0, at.ToUnixTimeMilliseconds());
        var rest = message.AsMemory();
        if (message.Length > LogLimits.MaxLineBytes / 3)
        {
            // Three bytes per UTF-16 unit at most: shorter lines cannot be too long.
            while (NextPart(rest.Span) is var length && length < rest.Length)
            {
                await AppendPartAsync(scope, group, stream, time, rest[..length].ToString(), endsLine: false);
                rest = rest[length..];
            }
        }

        await AppendPartAsync(scope, group, stream, time, rest.Length == message.Length ? message : rest.ToString(), endsLine: true);
    }

    /// <summary>Everything appended before the call is readable afterwards. Fails if the file cannot be written.</summary>
    public Task FlushAsync() => WriteAsync(static _ => true);

    /// <summary>Like <see cref="FlushAsync"/>, but never fails, and does not wait for a file that cannot be written.</summary>
    /// <returns>Whether everything is readable.</returns>
    public async Task<bool> TryFlushAsync()
    {
        var storing = _writer.Storing;
        if (storing.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            await FlushAsync().WaitAsync(LogLimits.FlushPatience, storing);
            return true;
        }
        catch (TimeoutException)
        {
            _writer.NoteNotAnswering();
            return false;
        }
        catch (Exception exception) when (exception is OperationCanceledException or LogsException or SqliteException)
        {
            // The writer has logged it.
            return false;
        }
    }

    /// <summary>
    /// The number of lines ever appended to the stream, empty and lost ones included; 0 if there is none. What was appended before the call is
    /// counted if the file can be written.
    /// </summary>
    public async Task<long> CountAsync(Scope scope, string group, string stream)
    {
        await TryFlushAsync();
        return await ReadAsync(queries => queries.CountLines(scope, group, stream));
    }

    /// <summary>Removes all groups of all scopes.</summary>
    public Task DeleteAllAsync() => WriteAsync(static tables =>
    {
        tables.Groups.DeleteAll();
        return true;
    });

    /// <summary>
    /// Removes what is past its retention now, if the file can be written. This also happens every <see cref="LogLimits.RetentionInterval"/>.
    /// </summary>
    public async Task EnforceRetentionAsync()
    {
        if (!await TryFlushAsync())
        {
            return;
        }

        try
        {
            var pending = await WriteAsync(static tables => tables.Removal.Pending = true);
            while (pending)
            {
                pending = await WriteAsync(static tables => tables.Removal.Pending);
            }
        }
        catch (Exception exception) when (exception is LogsException or SqliteException)
        {
            // The writer has logged it, and the timer tries again.
        }
    }

    /// <summary>Makes a change; completes when it is stored. A <see cref="LogsException"/> of the change refuses it alone.</summary>
    /// <param name="change">Runs on the writer.</param>
    /// <param name="isLarge">It carries much data.</param>
    /// <exception cref="LogsException">The change is refused, or there is no room for it because the file cannot be written.</exception>
    /// <exception cref="SqliteException">The file cannot be written.</exception>
    public async Task<T> WriteAsync<T>(Func<LogTables, T> change, bool isLarge = false)
    {
        var write = new AwaitedWrite<T>(change) { IsLarge = isLarge };
        await _writer.EnqueueAsync(write);
        return await write.Done;
    }

    /// <summary>Reads in one snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<LogQueries, T> read, CancellationToken cancellationToken = default)
    {
        if (_writer.HasOpenings)
        {
            // Whoever has seen a container start finds its stream.
            await TryFlushAsync();
        }

        return await _readers.ReadAsync(connection => read(new LogQueries(connection)), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _retention.DisposeAsync();
        // The writer last: the last one to leave moves the write-ahead log into the file, and readers cannot.
        _readers.Dispose();
        await _writer.DisposeAsync();
    }

    private static LogStore OpenFile(string path, TimeProvider time, ILogger logger)
    {
        UnusableDatabase.RefuseBadHeader(path);
        var connection = SqliteDatabase.OpenWriter(path, CommitDurability.ProcessLoss);
        try
        {
            SqliteDatabase.Check(connection);
            LogSchema.Migrate(connection);
            // The busy timeout of the file is patience enough: the provider would go on for half a minute by default.
            connection.DefaultTimeout = 1;
            return new(new LogWriter(new LogTables(connection, time), logger), new SqliteReaderPool(path, LogLimits.Readers), time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private ValueTask AppendPartAsync(Scope scope, string group, string stream, long time, string text, bool endsLine) =>
        _writer.AppendAsync(new LineWrite(scope, group, stream, time, text, endsLine)
        {
            IsLarge = text.Length >= LogLimits.LargeWriteCharacters,
        });

    /// <summary>How many characters from the start fit into one event; never half of a surrogate pair.</summary>
    private static int NextPart(ReadOnlySpan<char> text)
    {
        // One byte per UTF-16 unit at least: no more than this can fit, however long the rest is.
        var length = WholeCharacters(text, Math.Min(text.Length, LogLimits.MaxLineBytes));
        var excess = Encoding.UTF8.GetByteCount(text[..length]) - LogLimits.MaxLineBytes;
        while (excess > 0)
        {
            var shorter = WholeCharacters(text, length - Math.Max(1, excess / 3));
            excess -= Encoding.UTF8.GetByteCount(text[shorter..length]);
            length = shorter;
        }

        return length;
    }

    private static int WholeCharacters(ReadOnlySpan<char> text, int length) =>
        length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
