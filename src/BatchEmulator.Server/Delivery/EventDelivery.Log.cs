namespace BatchEmulator.Server.Delivery;

internal sealed partial class EventDelivery
{
    [LoggerMessage(LogLevel.Warning, "Events cannot be delivered to the {Target}, and are kept for later: {Failure}")]
    private partial void DeliveryFails(string target, string failure);

    [LoggerMessage(LogLevel.Information, "Events are delivered to the {Target} again.")]
    private partial void DeliverySucceeds(string target);

    [LoggerMessage(LogLevel.Warning, "An event was refused by the {Target}: {Reason}. Further refusals are only counted.")]
    private partial void EventIsRefused(string target, string reason);

    [LoggerMessage(LogLevel.Warning, "{Count} events were not delivered to the {Target} and are lost.")]
    private partial void EventsAreLost(string target, int count);
}
