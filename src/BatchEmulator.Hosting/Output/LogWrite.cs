using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage.Logs;
using BatchEmulator.Hosting.Logs;

namespace BatchEmulator.Hosting.Output;

/// <summary>Something for the writer to do. Applied in a transaction with others, then told how that transaction ended.</summary>
internal abstract class LogWrite
{
    /// <summary>Holds one of the permits for large writes until it is done.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Applies the change; again in a later transaction if the first one was undone.</summary>
    public abstract void Apply(LogTables tables);

    public virtual void Committed()
    {
    }

    public virtual void Failed(Exception reason)
    {
    }
}

/// <summary>A line of a job; nobody waits for it.</summary>
internal sealed class LineWrite(Scope scope, string group, string stream, long at, string text, bool endsLine) : LogWrite
{
    public LogStreamKey Stream => new(scope, group, stream);

    public long At => at;

    public bool EndsLine => endsLine;

    public override void Apply(LogTables tables) => tables.Events.AppendLine(scope, group, stream, at, text, endsLine);
}

/// <summary>Creates the stream of a container that has started, and its group, unless they exist; nobody waits for it.</summary>
internal sealed class OpeningWrite(LogStreamKey stream) : LogWrite
{
    public override void Apply(LogTables tables) => tables.Catalog.OpenStream(stream.Scope, stream.Group, stream.Stream);
}

/// <summary>Wakes the writer and changes nothing.</summary>
internal sealed class WakingWrite : LogWrite
{
    public static readonly WakingWrite Instance = new();

    public override void Apply(LogTables tables)
    {
    }
}

/// <summary>Tells the writer to look whether something is to be removed.</summary>
internal sealed class RemovalWrite : LogWrite
{
    public override void Apply(LogTables tables) => tables.Removal.Pending = true;
}

/// <summary>A change that somebody waits for. A refusal reaches only the one who asked for it, not the others of the transaction.</summary>
internal sealed class AwaitedWrite<T>(Func<LogTables, T> change) : LogWrite
{
    // Callers must not continue on the writer.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private LogsException? _refusal;

    public Task<T> Done => _done.Task;

    public override void Apply(LogTables tables)
    {
        try
        {
            _result = change(tables);
        }
        catch (LogsException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Committed()
    {
        if (_refusal is null)
        {
            _done.SetResult(_result);
        }
        else
        {
            _done.SetException(_refusal);
        }
    }

    public override void Failed(Exception reason) => _done.SetException(reason);
}
