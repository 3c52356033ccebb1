using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Faults;

/// <summary>
/// Faults of the AWS Batch API that a test has asked for, so that a client's retries and error handling can be tried. The same calls in the
/// same order fail every time. Used by many threads.
/// </summary>
internal sealed class ApiFaults
{
    private readonly Lock _lock = new();
    private readonly ActiveFault _throttle = new(new WireError(429, "TooManyRequestsException", "Too Many Requests"));
    private readonly ActiveFault _fail = new(WireError.Internal);

    /// <summary>The faults that are left.</summary>
    public FaultsState State
    {
        get
        {
            lock (_lock)
            {
                return new(_throttle.Rest, _fail.Rest);
            }
        }
    }

    /// <summary>Begins, replaces or ends faults.</summary>
    public void Change(FaultsChange change)
    {
        lock (_lock)
        {
            if (change.ChangesThrottle)
            {
                _throttle.Begin(change.Throttle);
            }

            if (change.ChangesFail)
            {
                _fail.Begin(change.Fail);
            }
        }
    }

    /// <summary>Ends all faults.</summary>
    public void Clear() => Change(new(ChangesThrottle: true, Throttle: null, ChangesFail: true, Fail: null));

    /// <summary>Takes in a call.</summary>
    /// <param name="operation">Name of the operation.</param>
    /// <returns>The error that the call is to get; null if it is to be carried out.</returns>
    public WireError? Next(string operation)
    {
        lock (_lock)
        {
            return _throttle.Next(operation) ?? _fail.Next(operation);
        }
    }

    private sealed class ActiveFault(WireError error)
    {
        private double _due;

        public ApiFault? Rest { get; private set; }

        public void Begin(ApiFault? fault) => (Rest, _due) = (fault, 0);

        public WireError? Next(string operation)
        {
            if (Rest is not { } fault || (fault.Operation is { } only && only != operation))
            {
                return null;
            }

            if (fault.Calls is { } calls)
            {
                Rest = calls > 1 ? fault with { Calls = calls - 1 } : null;
                return error;
            }

            _due += fault.Share!.Value;
            if (_due < 1)
            {
                return null;
            }

            _due--;
            return error;
        }
    }
}
