using BatchEmulator.Core;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Output;

/// <summary>A task of the writer. Applied in a transaction with others, then notified of the end of that transaction.</summary>
internal abstract class LogWrite
{
    /// <summary>True if it occupies one of the permits for large writes until it is done.</summary>
    public bool IsLarge { get; init; }

    /// <summary>Applies the change; repeated in a later transaction if the first one was undone.</summary>
    public abstract void Apply(ILogTransaction transaction);

    public virtual void Committed()
    {
    }

    public virtual void Failed(Exception reason)
    {
    }
}

/// <summary>A line of a job; no caller waits for it.</summary>
internal sealed class LineWrite(LogStreamKey stream, LogLine line) : LogWrite
{
    public LogStreamKey Stream => stream;

    public LogLine Line => line;

    public override void Apply(ILogTransaction transaction) => transaction.AppendLine(stream, line);
}

/// <summary>Creates the stream of a container that has started, and its group, unless they exist; no caller waits for it.</summary>
internal sealed class OpeningWrite(LogStreamKey stream) : LogWrite
{
    public override void Apply(ILogTransaction transaction) => transaction.AddStream(stream);
}

/// <summary>Wakes the writer without a change.</summary>
/// <param name="purges">True if the writer is to purge.</param>
internal sealed class WakingWrite(bool purges) : LogWrite
{
    public static readonly WakingWrite ForOpenings = new(purges: false);

    public static readonly WakingWrite ForPurge = new(purges: true);

    public bool Purges => purges;

    public override void Apply(ILogTransaction transaction)
    {
    }
}

/// <summary>A change that a caller waits for. A refusal reaches only its caller, not the others of the transaction.</summary>
internal sealed class AwaitedWrite(Action<ILogTransaction> change) : LogWrite
{
    // Callers must not continue on the writer's thread.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RefusalException? _refusal;

    public Task Done => _done.Task;

    public override void Apply(ILogTransaction transaction)
    {
        try
        {
            change(transaction);
        }
        catch (RefusalException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Committed()
    {
        if (_refusal is null)
        {
            _done.SetResult();
        }
        else
        {
            _done.SetException(_refusal);
        }
    }

    public override void Failed(Exception reason) => _done.SetException(reason);
}
