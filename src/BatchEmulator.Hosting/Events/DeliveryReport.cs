using BatchEmulator.Hosting.Health;

namespace BatchEmulator.Hosting.Events;

/// <summary>Logs the state of the deliveries to a target: the beginning and the end of a failure, and the number of lost events.</summary>
internal sealed partial class DeliveryReport(string target, ILogger<EventDelivery> logger)
{
    private readonly Lock _lock = new();
    private volatile PartFailure? _failure;
    private bool _hasRefused;
    private long _lost;

    /// <summary>Present failure of the delivery; null while it works.</summary>
    public PartFailure? Failure => _failure;

    /// <summary>Reports that an event could not be delivered and will be tried again.</summary>
    public void Fails(string reason)
    {
        lock (_lock)
        {
            if (_failure is null)
            {
                _failure = PartFailure.Now($"Events cannot be delivered to the {target}: {reason}");
                DeliveryFails(target, reason);
            }
        }
    }

    /// <summary>Reports that an event was delivered, and that none waits to be tried again.</summary>
    public void Succeeds()
    {
        lock (_lock)
        {
            // If many are lost without a failure, because a target is only slow, the number is logged at the end of the server.
            if (_failure is not null)
            {
                _failure = null;
                DeliverySucceeds(target, _lost);
                _lost = 0;
            }
        }
    }

    /// <summary>Reports events that were dropped for lack of room.</summary>
    public void Lost(int count)
    {
        lock (_lock)
        {
            if (_lost == 0)
            {
                EventsAreBeingLost(target, EventDelivery.Capacity, EventDelivery.MaximumMegabytes);
            }

            _lost += count;
        }
    }

    public void Refused(string reason)
    {
        lock (_lock)
        {
            if (!_hasRefused)
            {
                _hasRefused = true;
                EventIsRefused(target, reason);
            }
        }
    }

    /// <summary>Reports that a loop of the delivery ended with an exception.</summary>
    public void Broke(Exception exception) => DeliveryBroke(target, exception);

    /// <summary>Reports the end of the server.</summary>
    /// <param name="waiting">Number of events that still wait.</param>
    public void End(int waiting)
    {
        lock (_lock)
        {
            if (_lost + waiting > 0)
            {
                EventsAreLost(target, _lost + waiting);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Events cannot be delivered to the {Target}; they are kept and tried again: {Failure}")]
    private partial void DeliveryFails(string target, string failure);

    [LoggerMessage(LogLevel.Information, "Deliveries to the {Target} succeed again. Events lost in between: {Lost}.")]
    private partial void DeliverySucceeds(string target, long lost);

    [LoggerMessage(LogLevel.Warning, "An event was refused by the {Target} and is lost: {Reason}. Further refusals are only counted.")]
    private partial void EventIsRefused(string target, string reason);

    [LoggerMessage(
        LogLevel.Warning, "Too many events wait for the {Target} ({Capacity}, or {Megabytes} MiB): the oldest are dropped and lost.")]
    private partial void EventsAreBeingLost(string target, int capacity, int megabytes);

    [LoggerMessage(LogLevel.Error, "The delivery of events to the {Target} has failed.")]
    private partial void DeliveryBroke(string target, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Events that were not delivered to the {Target} and are lost: {Count}.")]
    private partial void EventsAreLost(string target, long count);
}
