namespace BatchEmulator.Server.Delivery;

internal sealed partial class EventDelivery
{
    [LoggerMessage(LogLevel.Warning, "Events cannot be delivered to the {Target}, and are kept for later: {Failure}")]
    private partial void DeliveryFails(string target, string failure);

    [LoggerMessage(LogLevel.Information, "Events are delivered to the {Target} again.")]
    private partial void DeliverySucceeds(string target);

    [LoggerMessage(LogLevel.Warning, "So much happened at once that events for the {Target} were missed.")]
    private partial void FellBehind(string target);
}
