using BatchEmulator.Outgoing;

namespace BatchEmulator.Hosting.Events;

/// <summary>The targets of events, one line each.</summary>
internal static class EventDeliveries
{
    /// <summary>Creates a delivery for each configured target.</summary>
    public static IReadOnlyList<EventDelivery> Create(Uri? webhook, Uri? eventBridge, ILoggerFactory loggers)
    {
        var targets = new[]
        {
            Of(webhook, url => new WebhookTarget(url)),
            Of(eventBridge, url => new EventBridgeTarget(url, AwsCredentials.FromEnvironment())),
        };
        return [.. targets.OfType<IEventTarget>().Select(target => new EventDelivery(target, loggers.CreateLogger<EventDelivery>()))];
    }

    private static IEventTarget? Of(Uri? url, Func<Uri, IEventTarget> create) => url is null ? null : create(url);
}
