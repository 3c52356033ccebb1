using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Output;

/// <summary>Whether a store can be written, as its writer last saw it. Safe for use from any thread.</summary>
#pragma warning disable CA1001 // A source without a timer holds nothing to dispose of, and its token is asked for until the very end.
internal sealed class StoreCondition
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _storing = new();
    private PartFailure? _failure;

    /// <summary>Why nothing is stored at the moment; null while everything is.</summary>
    public PartFailure? Failure => Volatile.Read(ref _failure);

    public bool IsFailing => Failure is not null;

    /// <summary>Cancelled as soon as the store cannot be written; those who wait for it go on then.</summary>
    public CancellationToken Storing => Volatile.Read(ref _storing).Token;

    /// <summary>Notes that the store cannot be written.</summary>
    /// <returns>Whether it has just begun to fail.</returns>
    public bool Fail(string error)
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

    /// <summary>Notes that the store can be written.</summary>
    /// <returns>Whether it could not be until now.</returns>
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
