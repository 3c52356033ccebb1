using System.Text;
using BatchEmulator.Core.Identity;
using BatchEmulator.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace BatchEmulator.Server.Logs;

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

    /// <summary>
    /// Opens <c>logs.db</c> in the folder, and creates both if needed. A file that is damaged or of a newer version is set aside, and a new
    /// one begun: old output is no reason to run no jobs.
    /// </summary>
    public static LogStore Open(string folder, TimeProvider time, ILogger<LogStore> logger)
    {
        PrivateFiles.CreateFolder(folder);
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
    /// Adds a line that a job wrote; group and stream come into being with the first one. Waits while too much is queued. A line
    /// longer than <see cref="LogLimits.MaxLineBytes"/> becomes several events; an empty one is counted but makes no event.
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

    /// <summary>The number of lines ever appended to the stream, empty ones included; 0 if there is none. What was appended before the call is counted.</summary>
    public async Task<long> CountAsync(Scope scope, string group, string stream)
    {
        await FlushAsync();
        return await ReadAsync(queries => queries.CountLines(scope, group, stream));
    }

    /// <summary>Removes all groups of all scopes.</summary>
    public Task DeleteAllAsync() => WriteAsync(static tables =>
    {
        tables.Groups.DeleteAll();
        return true;
    });

    /// <summary>Removes what is past its retention now; otherwise this happens every <see cref="LogLimits.RetentionInterval"/>.</summary>
    public async Task EnforceRetentionAsync()
    {
        var pending = await WriteAsync(static tables => tables.Removal.Pending = true);
        while (pending)
        {
            pending = await WriteAsync(static tables => tables.Removal.Pending);
        }
    }

    /// <summary>Makes a change; completes when it is stored. A <see cref="LogsException"/> of the change refuses it alone.</summary>
    /// <param name="change">Runs on the writer.</param>
    /// <param name="isLarge">It carries much data.</param>
    public async Task<T> WriteAsync<T>(Func<LogTables, T> change, bool isLarge = false)
    {
        var write = new AwaitedWrite<T>(change) { IsLarge = isLarge };
        await _writer.EnqueueAsync(write);
        return await write.Done;
    }

    /// <summary>Reads in one snapshot.</summary>
    public Task<T> ReadAsync<T>(Func<LogQueries, T> read, CancellationToken cancellationToken = default) =>
        _readers.ReadAsync(connection => read(new LogQueries(connection)), cancellationToken);

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
            return new(new LogWriter(new LogTables(connection, time), logger), new SqliteReaderPool(path, LogLimits.Readers), time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private ValueTask AppendPartAsync(Scope scope, string group, string stream, long time, string text, bool endsLine) =>
        _writer.EnqueueAsync(new LineWrite(scope, group, stream, time, text, endsLine)
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
