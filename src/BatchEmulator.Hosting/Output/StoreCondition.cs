using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Output;

/// <summary>Condition of a store, as last seen by its writer. Safe for use from any thread.</summary>
#pragma warning disable CA1001 // A source without a timer holds nothing to dispose of, and its token is asked for until the very end.
internal sealed class StoreCondition
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _storing = new();
    private PartFailure? _failure;

    /// <summary>Failure to store; null while writes succeed.</summary>
    public PartFailure? Failure => Volatile.Read(ref _failure);

    public bool IsFailing => Failure is not null;

    /// <summary>Cancelled as soon as the store cannot be written, so that callers stop waiting for it.</summary>
    public CancellationToken Storing => Volatile.Read(ref _storing).Token;

    /// <summary>Notes that the store cannot be written.</summary>
    /// <returns>True if it could be written until now.</returns>
    public bool Fail(string error)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return false;
            }

            Volatile.Write(ref _failure, PartFailure.Now(error));
            // Not on this thread, which may be the writer's: continuations run elsewhere.
            _ = _storing.CancelAsync();
            return true;
        }
    }

    /// <summary>Notes that the store can be written.</summary>
    /// <returns>True if it could not be written until now.</returns>
    public bool Succeed()
    {
        lock (_gate)
        {
            if (_failure is null)
            {
                return false;
            }

            Volatile.Write(ref _storing, new CancellationTokenSource());
            Volatile.Write(ref _failure, null);
            return true;
        }
    }
}
